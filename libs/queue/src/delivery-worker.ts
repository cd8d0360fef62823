import { UnrecoverableError, WaitingError, Worker, type IQueueBackend, type Job } from 'bullmq';
import { deliverySchemas, type Delivery, type Payloads, type QueueName } from './deliveries.ts';
import { describeError, type Logger, type Report } from './logger.ts';
import { type Store } from './store.ts';
import { waitAtMost } from './wait-at-most.ts';

/** Returning means done. Throwing means another attempt while there are any left. */
export type Processor<Payload> = (delivery: Delivery<Payload>, signal: AbortSignal) => Promise<void>;

/** Why a processor was told to stop. After `shutdown` its delivery goes back to the queue without losing an attempt. */
export type AbortCause = 'cancelled' | 'shutdown' | 'lock-lost';

/** The reason of the signal. It goes by the name that `fetch` and its kin know as "stopped on purpose". */
export class DeliveryAbortedError extends Error {
  override readonly name = 'AbortError';
  readonly why: AbortCause;

  constructor(why: AbortCause) {
    super(`The delivery was aborted: ${why}`);
    this.why = why;
  }
}

/** Thrown by a processor that was told when to come back, as by a `Retry-After`. */
export class RetryLaterError extends Error {
  override readonly name = 'RetryLaterError';
  readonly after: number;

  constructor(message: string, after: number) {
    super(message);
    this.after = after;
  }
}

/**
 * What the store is told of any other failure. It keeps messages for whoever looks at the queue, and messages may quote
 * what was worked on, as those of database errors do. The log gets the cause.
 */
class DeliveryFailedError extends Error {
  override readonly name = 'DeliveryFailedError';

  constructor(cause: unknown) {
    const { name, code } = describeError(cause);
    super(code === undefined ? name : `${name} (${code})`, { cause });
  }
}

export interface WorkerOptions {
  readonly concurrency?: number;
  /** Milliseconds for which a worker that says nothing keeps its delivery. It renews at half of that. */
  readonly lockDuration?: number;
  /** Milliseconds between looks for deliveries whose worker is gone. Takeover needs at most the lock and two looks. */
  readonly stalledInterval?: number;
  /** Milliseconds that running deliveries have to finish when the worker closes, before they are aborted. */
  readonly grace?: number;
}

export interface DeliveryWorker {
  /** Aborts a delivery if it runs here. */
  abort(id: string): boolean;
}

/** What aborted processors may take to clean up before they are left behind; the stalled check then finds the delivery. */
const afterAbort = 2_000;
/** What hanging up may take: a peer gone silent does not say goodbye. */
const hangUp = 500;

export function openDeliveryWorker<Name extends QueueName>(
  store: Store,
  name: Name,
  processor: Processor<Payloads[Name]>,
  { concurrency = 4, lockDuration = 15_000, stalledInterval = 5_000, grace = 4_000 }: WorkerOptions,
  { logger, report }: { logger: Logger; report: Report },
) {
  const running = new Map<string, AbortController>();
  let closing = false;

  async function process(job: Job, token: string | undefined): Promise<void> {
    // Closing wakes BullMQ's wait for the next delivery, which then fetches one more.
    if (closing) return putBack(job, token);
    const id = job.id ?? '';
    const abort = new AbortController();
    running.set(id, abort);
    try {
      await processor(toDelivery(name, job), abort.signal);
    } catch (error) {
      if (isShutdown(abort.signal)) return await putBack(job, token);
      throw error instanceof RetryLaterError || error instanceof UnrecoverableError
        ? error
        : new DeliveryFailedError(error);
    } finally {
      // After a lost lock the same delivery may be running here a second time.
      if (running.get(id) === abort) running.delete(id);
    }
  }

  const worker = new LeavableWorker(
    name,
    process,
    {
      connection: {},
      concurrency,
      lockDuration,
      stalledInterval,
      // Giving up is for whoever keeps the row to decide; the queue itself never stops taking over.
      maxStalledCount: 1_000_000,
      // BullMQ's 15 s would be as long as the lock: a result could not be reported in time after a short outage.
      runRetryDelay: 1_000,
      settings: { backoffStrategy },
    },
    store.backend,
  );
  worker.on('error', (error) => report(`worker of ${name} failed`, error));
  worker.on('failed', (job, error) => {
    report(`delivery ${job?.id ?? ''} of ${name} failed`, error instanceof DeliveryFailedError ? error.cause : error);
  });
  worker.on('stalled', (id) =>
    logger.warn({ queue: name, delivery: id }, 'took over a delivery whose worker was gone'),
  );
  worker.on('lockRenewalFailed', (ids) => ids.forEach((id) => abort(id, 'lock-lost')));

  function abort(id: string, why: AbortCause): boolean {
    const controller = running.get(id);
    controller?.abort(new DeliveryAbortedError(why));
    return controller !== undefined;
  }

  async function close(): Promise<void> {
    closing = true;
    const closed = worker.close();
    if (running.size > 0) await waitAtMost(grace, closed);
    for (const id of running.keys()) abort(id, 'shutdown');
    await waitAtMost(afterAbort, closed);
    await waitAtMost(hangUp, worker.leave());
  }

  const handle: DeliveryWorker = { abort: (id) => abort(id, 'cancelled') };
  return { worker: handle, close };
}

/** During an outage BullMQ's close waits for a connection that may never come. This hangs up; after an orderly close it does nothing. */
class LeavableWorker extends Worker<unknown, void, string, IQueueBackend> {
  async leave(): Promise<void> {
    await this.lockManager.close();
    await this.backend.close(true);
  }
}

function toDelivery<Name extends QueueName>(name: Name, job: Job): Delivery<Payloads[Name]> {
  const payload = deliverySchemas[name].safeParse(job.data);
  if (!payload.success) throw new UnrecoverableError(`Not a payload of ${name}`);
  const attempt = job.attemptsMade + 1;
  return {
    id: job.id ?? '',
    payload: payload.data as Payloads[Name],
    attempt,
    lastAttempt: attempt >= (job.opts.attempts ?? 1),
  };
}

async function putBack(job: Job, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}

function isShutdown({ reason }: AbortSignal): boolean {
  return reason instanceof DeliveryAbortedError && reason.why === 'shutdown';
}

/** Doubles from the base the delivery was added with; up to half of it is left to chance, so that a burst does not return as one. */
function backoffStrategy(attemptsMade: number, _type?: string, error?: Error, job?: { opts: unknown }): number {
  // A time that is left is seldom whole, and Postgres takes no other.
  if (error instanceof RetryLaterError) return Math.ceil(error.after);
  const { backoff } = (job?.opts ?? {}) as { backoff?: { delay?: number } };
  const pause = Math.min(60_000, (backoff?.delay ?? 1_000) * 2 ** (attemptsMade - 1));
  return Math.round(pause * (1 - Math.random() / 2));
}
