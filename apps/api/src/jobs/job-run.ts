import type { Topics } from '@alva/queue';
import { isDependencyFailure } from '@alva/service-kit';
import type { FastifyBaseLogger } from 'fastify';
import { createBill } from './job-bill.ts';
import type { JobWork, Usage } from './job-definition.ts';
import { announce, createJobEventsWriter } from './job-events.ts';
import type { JobEventsStore } from './job-events.store.ts';
import { asFailure, JobFailure, tookTooLong, tookTooMuch } from './job-failure.ts';
import type { JobObserver } from './job-metrics.ts';
import type { ClaimedJob, FailedRun, JobRunsStore } from './job-runs.store.ts';
import { keepTrying } from './keep-trying.ts';
import { RunStopped, unlessAborted, type StopReason } from './run-stopped.ts';

export interface RunParts {
  readonly runs: JobRunsStore;
  readonly events: JobEventsStore;
  readonly topics: Topics;
  readonly work: JobWork<unknown, unknown>;
  readonly log: FastifyBaseLogger;
  readonly observer: JobObserver;
  /** Milliseconds between two signs of life, and before the first retry. */
  readonly beat: number;
  readonly retry: number;
  /** For which an outage of the database is waited out. */
  readonly patience: number;
}

/** `ended`: the job is over, or somebody else's. `handed-back` and `retryAfter`: it is in line again, for now or for later. */
export type RunOutcome = 'ended' | 'handed-back' | { readonly retryAfter: number };

/** A job that was begun this often takes its workers down. */
const mostRuns = 25;
/** Who would have to wait longer had better be told at once. */
const longestWait = 5 * 60_000;

/** One run of a job, from its claim to its end. It writes under its number only, so an outdated one does no harm. */
export function createRun(job: ClaimedJob, parts: RunParts) {
  const { runs, events, topics, work, log, observer, beat, retry, patience } = parts;
  const stopping = new AbortController();
  const stop = (why: StopReason) => stopping.abort(new RunStopped(why));
  // Aborted with the failure that the run then counts as.
  const limit = new AbortController();
  const signal = AbortSignal.any([stopping.signal, limit.signal]);
  const bill = createBill(job.usage);
  const onError = (error: unknown) => log.warn({ err: error }, 'a run had trouble');
  const writer = createJobEventsWriter({
    store: events,
    topics,
    run: job,
    signal: stopping.signal,
    onSuperseded: () => stop('superseded'),
    onError,
    patience,
  });

  async function perform(): Promise<RunOutcome> {
    const ended = observer.started(job.type);
    const pulse = setInterval(() => {
      runs.beat(job).then((current) => current || stop('superseded'), onError);
    }, beat);
    try {
      await announce(topics, job.jobId, job.lastSeq, onError);
      const result = await workWithinLimits();
      await writer.flush();
      await succeed(result);
      ended('succeeded', bill.ofRun());
      return 'ended';
    } catch (error) {
      if (stopping.signal.aborted) {
        const { why } = stopping.signal.reason as RunStopped;
        ended(why, bill.ofRun());
        log.info({ why }, 'run stopped');
        return why === 'shutdown' ? await handBack() : 'ended';
      }
      if (error instanceof JobFailure && error.usage) bill.spent(error.usage);
      ended('failed', bill.ofRun());
      return await fail(error);
    } finally {
      clearInterval(pulse);
    }
  }

  async function workWithinLimits(): Promise<unknown> {
    const { seconds } = work.limits;
    const late = setTimeout(() => limit.abort(tookTooLong(seconds)), seconds * 1000);
    try {
      return await unlessAborted(doWork(), signal);
    } catch (error) {
      // The processor may have noticed first, and in its own words.
      throw limit.signal.aborted ? (limit.signal.reason as JobFailure) : error;
    } finally {
      clearTimeout(late);
    }
  }

  async function doWork(): Promise<unknown> {
    if (job.attempt > mostRuns) {
      throw new JobFailure({
        code: 'interrupted',
        detail: 'The work was interrupted too many times.',
        retry: 'never',
      });
    }
    const payload = work.payload.parse(job.payload);
    const { result, usage } = await work.process({ ...job, payload, signal, emit: writer.emit, spent, aboutToSpend });
    bill.spent(usage);
    return work.result.parse(result);
  }

  function spent(usage: Usage): void {
    if (signal.aborted) return;
    bill.spent(usage);
    writer.charge(bill.total());
    if (bill.tokensOfRun() > job.reservedTokens) limit.abort(tookTooMuch());
  }

  async function aboutToSpend(usage: Usage): Promise<void> {
    spent(usage);
    await writer.flush();
    signal.throwIfAborted();
  }

  async function succeed(result: unknown): Promise<void> {
    const usage = bill.total();
    const seq = await keepTrying(
      () =>
        runs.finish(job, 'succeeded', { usage }, async (transaction, userId) => [
          { event: 'result', data: await work.succeeded(transaction, { ...job, userId }, result) },
        ]),
      { when: isDependencyFailure, patience },
    );
    await tell('succeeded', seq);
  }

  /** The run came to nothing. Whether that is the end of the job is decided here. */
  async function fail(error: unknown): Promise<RunOutcome> {
    // Our own database is out of reach: that is not the job's failure, and there is nowhere to write one down.
    if (!(error instanceof JobFailure) && isDependencyFailure(error)) throw error;
    const failure = asFailure(error);
    log.warn({ err: error, problem: failure.code }, 'run failed');
    const wait = pauseBefore(failure, job.failures);
    observer.failed(failure.code, wait === undefined ? 'job-failed' : 'tried-again');
    return wait === undefined ? failForGood(failure) : tryAgain(failure, wait);
  }

  async function failForGood({ code, detail }: JobFailure): Promise<RunOutcome> {
    // Also what was written of a half answer: a person may want it for the next try.
    await writer.flush();
    const error = { code, detail };
    const usage = bill.total();
    const seq = await keepTrying(
      () =>
        runs.finish(job, 'failed', { usage, error }, async (transaction) => {
          await work.failed(transaction, job.jobId);
          return [{ event: 'error', data: error }];
        }),
      { when: isDependencyFailure, patience },
    );
    await tell('failed', seq);
    return 'ended';
  }

  /** Nothing to tell when somebody else has ended the job. */
  async function tell(state: 'succeeded' | 'failed', seq: number | undefined): Promise<void> {
    if (seq === undefined) return;
    await announce(topics, job.jobId, seq, onError);
    observer.ended(job.type, state, (Date.now() - job.createdAt.getTime()) / 1000);
    log.info(bill.ofRun() ?? {}, `job ${state}`);
  }

  async function tryAgain({ detail }: JobFailure, wait: number): Promise<RunOutcome> {
    const step = `${detail} Trying again in ${Math.ceil(wait / 1000)} s.`;
    writer.emit({ event: 'step', data: { step, percent: 0 } });
    await writer.flush();
    const failure = { tokens: bill.tokensOfRun(), wait };
    return (await backInLine(failure)) ? { retryAfter: wait } : 'ended';
  }

  async function handBack(): Promise<RunOutcome> {
    return (await backInLine()) ? 'handed-back' : 'ended';
  }

  async function backInLine(failure?: FailedRun): Promise<boolean> {
    const usage = bill.total();
    const seq = await keepTrying(() => runs.handBack(job, { usage, failure }), { when: isDependencyFailure, patience });
    if (seq !== undefined) await announce(topics, job.jobId, seq, onError);
    return seq !== undefined;
  }

  /** Milliseconds until the next run, or undefined when there is none. */
  function pauseBefore({ retry: again }: JobFailure, failures: number): number | undefined {
    if (again === 'never' || failures + 1 >= work.limits.failures || isUsedUp()) return undefined;
    if (again.after !== undefined) return again.after > longestWait ? undefined : again.after;
    return Math.round(retry * 4 ** failures * (0.75 + Math.random() / 2));
  }

  /**
   * Each run may spend what was reserved, so failures come to twice that at most. What runs spent that were interrupted (killed,
   * taken over, handed back) is charged too, but a crash of ours must not fail the job.
   */
  function isUsedUp(): boolean {
    return job.failedTokens + bill.tokensOfRun() > job.reservedTokens;
  }

  return { perform, stop };
}
