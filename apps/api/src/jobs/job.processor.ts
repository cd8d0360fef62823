import { DeliveryAbortedError, RetryLaterError, type Delivery } from '@alva/queue';
import { traceIdOf } from '@alva/service-kit';
import type { JobDelivery } from '@alva/validation';
import type { FastifyBaseLogger } from 'fastify';
import type { EndedSessions } from './ended-sessions.ts';
import type { JobWork } from './job-definition.ts';
import { observeNothing, type JobObserver } from './job-metrics.ts';
import { createRun, type RunParts } from './job-run.ts';
import type { JobsService } from './jobs.service.ts';
import { createRoom } from './room.ts';
import type { StopReason } from './run-stopped.ts';

export interface JobProcessorOptions extends Pick<RunParts, 'runs' | 'events' | 'topics'> {
  readonly works: readonly JobWork<unknown, unknown>[];
  readonly jobs: Pick<JobsService, 'cancelSession'>;
  readonly endedSessions: Pick<EndedSessions, 'firstLook' | 'has'>;
  readonly logger: FastifyBaseLogger;
  readonly observer?: JobObserver;
  readonly timing?: Partial<Timing>;
}

/** In milliseconds. */
export interface Timing {
  /** Between two signs of life of a run. */
  readonly beat: number;
  /** Without one for this long, a run counts as dead. */
  readonly silentAfter: number;
  /** Before the first retry. */
  readonly retry: number;
  /** For which a run waits out an outage of the database. */
  readonly patience: number;
}

/** Turns deliveries into runs: claims the row, has the run performed, tells the queue what follows from it. */
export function createJobProcessor({
  works,
  jobs,
  endedSessions,
  logger,
  timing,
  observer = observeNothing,
  ...stores
}: JobProcessorOptions) {
  const usual: Timing = { beat: 2_000, silentAfter: 10_000, retry: 2_000, patience: 60_000 };
  const { silentAfter, ...pauses }: Timing = { ...usual, ...timing };
  const byType = new Map<string, JobWork<unknown, unknown>>(works.map((work) => [work.type, work]));
  const takePlaces = createRoom(works);
  const running = new Map<string, (why: StopReason) => void>();

  async function process(delivery: Pick<Delivery<JobDelivery>, 'payload'>, signal: AbortSignal): Promise<void> {
    // A session that ended while no worker was there must not begin to be served.
    await endedSessions.firstLook;
    const places = takePlaces();
    try {
      await processIn(places, delivery, signal);
    } finally {
      places.leave();
    }
  }

  async function processIn(
    places: ReturnType<typeof takePlaces>,
    { payload }: Pick<Delivery<JobDelivery>, 'payload'>,
    signal: AbortSignal,
  ): Promise<void> {
    const job = await stores.runs.claim(payload.jobId, silentAfter, places.types);
    if (job === 'over') return;
    // While versions change, one worker may know more than another.
    if ('ahead' in job && places.all) throw new RetryLaterError('Nobody here knows how to do this', 5_000);
    // Who has waited longest comes back first, and a long line does not keep everybody busy with looking.
    if ('ahead' in job) throw new RetryLaterError('No room for this', Math.min(10_000, 500 + 50 * job.ahead));
    // The other run may still die: then this delivery is the one that goes on.
    if ('busyFor' in job) throw new RetryLaterError('Another worker is on it', job.busyFor + 200);
    places.keep(job.type);

    // The api may commit a job moments after the end of its session was heard here: then only this finds it.
    if (job.sessionId !== null && endedSessions.has(job.sessionId)) return jobs.cancelSession(job.sessionId);

    const { jobId, attempt, traceparent } = job;
    const log = logger.child({ jobId, attempt, ...(traceparent ? { traceId: traceIdOf(traceparent) } : {}) });
    const work = byType.get(job.type);
    if (!work) throw new Error(`Claimed a job of type ${job.type}, which nobody here does`);
    const run = createRun(job, { ...stores, work, log, observer, ...pauses });
    // A lock lost in the queue is no reason to stop: who may write is decided by the row.
    const onAbort = () => {
      if (isShutdown(signal)) run.stop('shutdown');
    };
    signal.addEventListener('abort', onAbort);
    running.set(jobId, run.stop);
    try {
      onAbort();
      const outcome = await run.perform();
      if (outcome === 'handed-back') throw signal.reason;
      if (typeof outcome === 'object') throw new RetryLaterError('The run failed', outcome.retryAfter);
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (running.get(jobId) === run.stop) running.delete(jobId);
    }
  }

  return {
    process,
    /** The job was called off: does nothing unless it runs here. */
    cancel: (jobId: string) => running.get(jobId)?.('cancelled'),
  };
}

function isShutdown({ reason }: AbortSignal): boolean {
  return reason instanceof DeliveryAbortedError && reason.why === 'shutdown';
}
