import { describeError } from './logger.ts';

/** The store cannot be used now. What was asked for may still happen, so asking again must be harmless. */
export class QueueUnavailableError extends Error {
  override name = 'QueueUnavailableError';
  /** What a service that lets it through answers: a code of the problem catalogue. */
  readonly problem = 'service-unavailable';
}

const patience = 2_000;

/** A store that hangs is as unavailable as one that refuses: callers get their answer in time either way. */
export async function orUnavailable<Result>(ask: () => Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${patience} ms`)), patience);
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    // No `cause`: drivers' errors carry the whole command, payload and all.
    throw new QueueUnavailableError(`The queue cannot be used now: ${describeError(error).message}`);
  } finally {
    clearTimeout(timer);
  }
}
