import type { DeliveryQueue } from '@alva/queue';
import type { JobDelivery } from '@alva/validation';
import type { FastifyBaseLogger } from 'fastify';
import type { JobSweepsStore, OldJob } from './job-sweeps.store.ts';
import { deliver } from './jobs.service.ts';

export interface SweeperOptions {
  readonly store: JobSweepsStore;
  readonly queue: DeliveryQueue<JobDelivery>;
  readonly logger: FastifyBaseLogger;
  /** Milliseconds between two sweeps. */
  readonly every?: number;
  /** Milliseconds after which a job that was never queued, and one that nobody has heard of, is queued again. */
  readonly unqueued?: number;
  readonly silent?: number;
}

export interface Sweeper {
  sweep(): Promise<number>;
  stop(): Promise<void>;
}

const forgetEvery = 3_600_000;
/** After a long stop there is more to forget than one statement has time for. */
const mostEvents = 5_000;

/**
 * Finds jobs that the queue does not know of (the process died between row and queue, the queue's store was flushed) and
 * adds them again. Any number of sweepers may run: they share the rows, and a delivery too many claims nothing.
 */
export function startSweeper({
  store,
  queue,
  logger,
  every = 5_000,
  unqueued = 3_000,
  silent = 20_000,
}: SweeperOptions): Sweeper {
  let forgotAt = 0;
  let oldJob: OldJob | undefined;
  let current = Promise.resolve(0);
  let stopped = false;

  async function sweep(): Promise<number> {
    const stranded = await store.takeStranded({ unqueued, silent });
    for (const jobId of stranded) await deliver(queue, jobId);
    if (stranded.length > 0) logger.info({ count: stranded.length }, 'added jobs to the queue again');
    if (Date.now() - forgotAt > forgetEvery) {
      forgotAt = Date.now();
      await store.forgetOld();
      while (!stopped && (await store.forgetEvents(mostEvents)) === mostEvents);
      oldJob = await store.forgetJobs(undefined);
    } else if (oldJob) {
      // A page with each sweep: there may be any number of them, and what is stranded does not wait for all.
      oldJob = await store.forgetJobs(oldJob);
    }
    return stranded.length;
  }

  const timer = setInterval(() => {
    current = sweep().catch((error: unknown) => {
      logger.warn({ err: error }, 'a sweep failed');
      return 0;
    });
  }, every);

  return {
    sweep,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await current;
    },
  };
}
