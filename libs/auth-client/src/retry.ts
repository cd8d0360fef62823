const firstPause = 1000;
const longestPause = 30_000;

export interface Retry {
  /** Whether the service asked for a pause that is not over (`Retry-After`). */
  blocked: () => boolean;
  /** @param retryAfter seconds to be quiet for; @param again whether to try by oneself afterwards */
  later: (retryAfter: number | undefined, again: boolean) => void;
  /** Does not wait any longer, unless the service asked for the pause. */
  now: () => void;
  /** There is nothing to try again, and the next failure is a first one. */
  reset: () => void;
}

/** Tries something again: after growing pauses, at once when asked, never while the service asks for quiet. */
export function createRetry(run: () => void): Retry {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let blocked = false;

  function cancel(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  return {
    blocked: () => blocked,

    later: (retryAfter, again) => {
      cancel();
      failures += 1;
      blocked = retryAfter !== undefined;
      if (!again && !blocked) return;
      const backOff = Math.min(firstPause * 2 ** (failures - 1), longestPause) * (0.5 + Math.random() / 2);
      const end = () => {
        blocked = false;
        timer = undefined;
        if (again) run();
      };
      timer = setTimeout(end, Math.max(backOff, (retryAfter ?? 0) * 1000));
    },

    now: () => {
      if (timer === undefined || blocked) return;
      cancel();
      run();
    },

    reset: () => {
      cancel();
      failures = 0;
      blocked = false;
    },
  };
}
