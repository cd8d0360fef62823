const allowed = 3;
const stableAfterMs = 60_000;

export interface Restarts {
  /** Whether what just ended may be started again: not when it ended soon after it began, again and again. */
  allow(): boolean;
}

export function countRestarts(): Restarts {
  let [startedAt, count] = [Date.now(), 0];
  return {
    allow() {
      if (Date.now() - startedAt > stableAfterMs) count = 0;
      startedAt = Date.now();
      return count++ < allowed;
    },
  };
}
