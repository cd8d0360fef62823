export interface RetryTiming {
  /** Milliseconds before the first retry; a stream's `retry:` field overrules it. */
  first: number;
  /** No pause is longer than this many milliseconds, unless the server asked for it. */
  longest: number;
}

/** Twice as long after each failure, spread over half its length so that watchers do not come back in step. */
export function retryPause(failures: number, { first, longest }: RetryTiming): number {
  const pause = Math.min(first * 2 ** Math.max(0, failures - 1), longest);
  return pause * (0.5 + Math.random() / 2);
}

/** Waits, but not beyond an abort or the moment the network comes back. */
export function pause(milliseconds: number, signal: AbortSignal, network: EventTarget | undefined): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(finish, milliseconds);
    function finish() {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      network?.removeEventListener('online', finish);
      resolve();
    }
    signal.addEventListener('abort', finish);
    network?.addEventListener('online', finish);
  });
}
