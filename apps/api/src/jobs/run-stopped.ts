export type StopReason = 'cancelled' | 'superseded' | 'shutdown';

/** The run is nobody's business any more: what it comes to is not even a failure. */
export class RunStopped extends Error {
  override readonly name = 'AbortError';
  readonly why: StopReason;

  constructor(why: StopReason) {
    super(`The run was stopped: ${why}`);
    this.why = why;
  }
}

/** Does not wait for work that is slow to notice. */
export async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
