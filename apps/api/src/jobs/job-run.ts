import type { Topics } from '@alva/queue';
import { isDependencyFailure } from '@alva/service-kit';
import type { FastifyBaseLogger } from 'fastify';
import type { JobWork, JobYield, Usage } from './job-definition.ts';
import { announce, createJobEventsWriter } from './job-events.ts';
import type { JobEventsStore } from './job-events.store.ts';
import type { JobObserver } from './job-metrics.ts';
import type { ClaimedJob, JobRunsStore } from './job-runs.store.ts';
import { JobFailure } from './job-failure.ts';
import { keepTrying } from './keep-trying.ts';

export interface RunParts {
  readonly runs: JobRunsStore;
  readonly events: JobEventsStore;
  readonly topics: Topics;
  readonly work: JobWork<unknown, unknown> | undefined;
  readonly log: FastifyBaseLogger;
  readonly observer: JobObserver;
  /** Milliseconds between two signs of life, and before the first retry. */
  readonly beat: number;
  readonly retry: number;
}

export type StopReason = 'cancelled' | 'superseded' | 'shutdown';

/** `ended`: the job is over, or somebody else's. `handed-back` and `retryAfter`: it is in line again, for now or for later. */
export type RunOutcome = 'ended' | 'handed-back' | { readonly retryAfter: number };

/** A job that was begun this often takes its workers down. */
const mostRuns = 25;
/** Who would have to wait longer had better be told at once. */
const longestWait = 5 * 60_000;

/** One run of a job, from its claim to its end. It writes under its number only, so an outdated one does no harm. */
export function createRun(job: ClaimedJob, { runs, events, topics, work, log, observer, beat, retry }: RunParts) {
  const stopping = new AbortController();
  const stop = (why: StopReason) => stopping.abort(new RunStopped(why));
  const onError = (error: unknown) => log.warn({ err: error }, 'a run had trouble');
  let spent: Usage | undefined;
  const writer = createJobEventsWriter({
    store: events,
    topics,
    run: job,
    signal: stopping.signal,
    onSuperseded: () => stop('superseded'),
    onError,
  });

  async function perform(): Promise<RunOutcome> {
    const ended = observer.started(job.type);
    const pulse = setInterval(() => {
      runs.beat(job).then((current) => current || stop('superseded'), onError);
    }, beat);
    try {
      await announce(topics, job.jobId, job.lastSeq, onError);
      const { result, usage } = await unlessStopped(doWork(), stopping.signal);
      await writer.flush();
      await succeed(result, usage);
      ended('succeeded', usage);
      return 'ended';
    } catch (error) {
      if (!stopping.signal.aborted) {
        if (error instanceof JobFailure && error.usage) spent = error.usage;
        ended('failed', spent);
        return await fail(error);
      }
      const { why } = stopping.signal.reason as RunStopped;
      ended(why, spent);
      log.info({ why }, 'run stopped');
      return why === 'shutdown' ? await handBack() : 'ended';
    } finally {
      clearInterval(pulse);
    }
  }

  async function doWork(): Promise<JobYield<unknown>> {
    if (!work) throw finalFailure('internal-error', 'Nobody here knows how to do this.');
    if (job.attempt > mostRuns) throw finalFailure('interrupted', 'The work was interrupted too many times.');
    const payload = work.payload.parse(job.payload);
    const answer = await work.process({
      ...job,
      payload,
      signal: stopping.signal,
      emit: writer.emit,
      spent: (usage) => (spent = usage),
    });
    spent = answer.usage;
    return { ...answer, result: work.result.parse(answer.result) };
  }

  async function succeed(result: unknown, usage: Usage): Promise<void> {
    const seq = await keepTrying(
      () =>
        runs.finish(job, 'succeeded', { usage }, async (transaction) =>
          work ? [{ event: 'result', data: await work.succeeded(transaction, job, result) }] : [],
        ),
      { when: isDependencyFailure },
    );
    if (seq === undefined) return;
    await announce(topics, job.jobId, seq, onError);
    log.info(usage, 'job succeeded');
  }

  /** The run came to nothing. Whether that is the end of the job is decided here. */
  async function fail(error: unknown): Promise<RunOutcome> {
    // Our own database is out of reach: that is not the job's failure, and there is nowhere to write one down.
    if (!(error instanceof JobFailure) && isDependencyFailure(error)) throw error;
    const failure = asFailure(error);
    log.warn({ err: error, problem: failure.code }, 'run failed');
    const wait = pauseBefore(failure, job.failures);
    return wait === undefined ? failForGood(failure) : tryAgain(failure, wait);
  }

  async function failForGood({ code, detail }: JobFailure): Promise<RunOutcome> {
    // Also what was written of a half answer: a person may want it for the next try.
    await writer.flush();
    const error = { code, detail };
    const seq = await keepTrying(
      () =>
        runs.finish(job, 'failed', { usage: spent, error }, async (transaction) => {
          await work?.failed(transaction, job.jobId);
          return [{ event: 'error', data: error }];
        }),
      { when: isDependencyFailure },
    );
    if (seq !== undefined) await announce(topics, job.jobId, seq, onError);
    return 'ended';
  }

  async function tryAgain({ detail }: JobFailure, wait: number): Promise<RunOutcome> {
    const step = `${detail} Trying again in ${Math.ceil(wait / 1000)} s.`;
    writer.emit({ event: 'step', data: { step, percent: 0 } });
    await writer.flush();
    return (await backInLine({ failed: true, usage: spent })) ? { retryAfter: wait } : 'ended';
  }

  async function handBack(): Promise<RunOutcome> {
    return (await backInLine({ failed: false, usage: spent })) ? 'handed-back' : 'ended';
  }

  async function backInLine(how: { failed: boolean; usage?: Usage | undefined }): Promise<boolean> {
    const seq = await keepTrying(() => runs.handBack(job, how), { when: isDependencyFailure });
    if (seq !== undefined) await announce(topics, job.jobId, seq, onError);
    return seq !== undefined;
  }

  /** Milliseconds until the next run, or undefined when there is none. */
  function pauseBefore({ retry: again }: JobFailure, failures: number): number | undefined {
    if (again === 'never' || failures + 1 >= (work?.limits.failures ?? 1)) return undefined;
    if (again.after !== undefined) return again.after > longestWait ? undefined : again.after;
    return Math.round(retry * 4 ** failures * (0.75 + Math.random() / 2));
  }

  return { perform, stop };
}

class RunStopped extends Error {
  override readonly name = 'AbortError';
  readonly why: StopReason;

  constructor(why: StopReason) {
    super(`The run was stopped: ${why}`);
    this.why = why;
  }
}

/** Does not wait for work that is slow to notice. */
async function unlessStopped<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const stopped = Promise.withResolvers<never>();
  const onAbort = () => stopped.reject(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function finalFailure(code: string, detail: string): JobFailure {
  return new JobFailure({ code, detail, retry: 'never' });
}

/** What nobody foresaw is told to the person in general terms, and to the log in full. */
function asFailure(error: unknown): JobFailure {
  if (error instanceof JobFailure) return error;
  const detail = 'Something went wrong on our side.';
  return new JobFailure({ code: 'internal-error', detail, retry: {}, cause: error });
}
