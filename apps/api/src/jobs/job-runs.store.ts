import { and, eq, jobEvents, jobs, sql, type Database } from '@alva/database';
import type { JobState } from '@alva/shared-types';
import type { NewJobEvent } from '@alva/validation';
import { settleTokens } from '../usage/budgets.store.ts';
import type { RunIdentity, Transaction, Usage } from './job-definition.ts';

export interface ClaimedJob extends RunIdentity {
  readonly type: string;
  readonly payload: unknown;
  readonly sessionId: string | null;
  readonly traceparent: string | null;
  readonly failures: number;
  /** Tokens that those failed runs spent. */
  readonly failedTokens: number;
  readonly createdAt: Date;
  /** What earlier runs are known to have cost. */
  readonly usage: Usage;
  readonly reservedTokens: number;
  readonly lastSeq: number;
}

interface Unclaimed {
  readonly wanted: boolean;
  readonly ahead: number;
  readonly state: JobState;
  readonly silentFor: number;
}

type Claimed = Omit<ClaimedJob, 'usage'> & Usage;

/** Tokens that it spent, and milliseconds until the next run. */
export interface FailedRun {
  readonly tokens: number;
  readonly wait: number;
}

/** Why a delivery found nothing to claim. `ahead`: it is of another kind than was asked for, and so many of it wait before it. */
export type NotClaimed = 'over' | { readonly ahead: number } | { readonly busyFor: number };

/**
 * One statement makes the next run the only one that may write. A run that was heard of lately is left alone: deliveries
 * are sometimes doubled, and starting anew would waste what it has.
 */
const claim = `
  with claimed as (
    update app.jobs
    set state = 'running', attempt = attempt + 1, last_seq = last_seq + 1, heartbeat_at = now(),
        started_at = coalesce(started_at, now()), step = '', percent = 0
    where id = $1 and type = any (string_to_array($3, ' '))
      and (state = 'queued' or (state = 'running' and heartbeat_at < now() - $2 * interval '1 millisecond'))
    returning *
  ), told as (
    insert into app.job_events (job_id, seq, event, data)
    select id, last_seq, 'state', jsonb_build_object('state', 'running', 'attempt', attempt) from claimed
  )
  select id as "jobId", user_id as "userId", session_id as "sessionId", type, payload, attempt, failures, traceparent,
         failed_tokens as "failedTokens", last_seq as "lastSeq", created_at as "createdAt", reserved_tokens as "reservedTokens",
         coalesce(input_tokens, 0) as "inputTokens", coalesce(output_tokens, 0) as "outputTokens",
         coalesce(cost, 0)::float8 as cost
  from claimed`;

const unclaimed = `
  select type = any (string_to_array($2, ' ')) as wanted, state,
         coalesce(extract(epoch from now() - heartbeat_at)::float8 * 1000, 0) as "silentFor",
         (select count(*)::int from app.jobs o where o.state = 'queued' and o.type = job.type and o.id < job.id) as ahead
  from app.jobs job where id = $1 and state in ('queued', 'running')`;

const beat = `
  update app.jobs set heartbeat_at = now() where id = $1 and attempt = $2 and state = 'running' returning id`;

const handBack = `
  with job as (
    update app.jobs
    set state = 'queued', heartbeat_at = null, enqueued_at = now(), last_seq = last_seq + 1, step = '', percent = 0,
        input_tokens = coalesce($3, input_tokens), output_tokens = coalesce($4, output_tokens), cost = coalesce($5, cost),
        failures = failures + $6, failed_tokens = failed_tokens + $7, due_at = now() + $8 * interval '1 millisecond'
    where id = $1 and attempt = $2 and state = 'running'
    returning id, attempt, last_seq
  ), told as (
    insert into app.job_events (job_id, seq, event, data)
    select id, last_seq, 'state', jsonb_build_object('state', 'queued', 'attempt', attempt) from job
  )
  select last_seq as seq from job`;

const handedBack = `
  select last_seq as seq from app.jobs where id = $1 and attempt = $2 and state = 'queued'`;

/** What workers do to jobs. Every statement names the run, and changes nothing once another run has begun. */
export function createJobRunsStore({ db, run }: Database) {
  return {
    async claim(jobId: string, silentAfter: number, types: readonly string[]): Promise<ClaimedJob | NotClaimed> {
      const [claimed] = await run<Claimed>(claim, [jobId, silentAfter, types.join(' ')]);
      if (claimed) {
        const { inputTokens, outputTokens, cost, ...job } = claimed;
        return { ...job, usage: { inputTokens, outputTokens, cost } };
      }
      const [left] = await run<Unclaimed>(unclaimed, [jobId, types.join(' ')]);
      if (!left) return 'over';
      if (!left.wanted) return { ahead: left.ahead };
      return { busyFor: left.state === 'queued' ? 0 : Math.max(0, silentAfter - left.silentFor) };
    },

    /** False when this run is not the current one any more. */
    async beat({ jobId, attempt }: RunIdentity): Promise<boolean> {
      return (await run(beat, [jobId, attempt])).length === 1;
    },

    /**
     * Back in line for another run; `usage` is what the job has cost so far. Answers with the number of the last event, also
     * when this very run handed it back before and only the answer was lost.
     */
    async handBack(
      { jobId, attempt }: RunIdentity,
      { usage, failure }: { usage: Usage | undefined; failure?: FailedRun | undefined },
    ): Promise<number | undefined> {
      const { inputTokens = null, outputTokens = null, cost = null } = usage ?? {};
      const failed = failure ? [1, failure.tokens, failure.wait] : [0, 0, 0];
      const [row] = await run<{ seq: number }>(handBack, [jobId, attempt, inputTokens, outputTokens, cost, ...failed]);
      const [already] = row ? [row] : await run<{ seq: number }>(handedBack, [jobId, attempt]);
      return already?.seq;
    },

    /**
     * Ends the job once: state, usage, charge, the rows of the outcome and the last events appear together or not at all.
     * The owner is the present one: a guest's job may have become a person's meanwhile.
     * Answers with the number of the last event, also when this very run ended it before and only the answer was lost.
     */
    async finish(
      { jobId, attempt }: RunIdentity,
      state: 'succeeded' | 'failed',
      { usage, error }: { usage: Usage | undefined; error?: { code: string; detail: string } },
      outcome: (transaction: Transaction, userId: string) => Promise<NewJobEvent[]>,
    ): Promise<number | undefined> {
      const thisRun = and(eq(jobs.id, jobId), eq(jobs.attempt, attempt));
      return db.transaction(async (transaction) => {
        const [job] = await transaction
          .update(jobs)
          .set({
            state,
            finishedAt: sql`now()`,
            heartbeatAt: sql`now()`,
            ...(state === 'succeeded' ? { percent: 100 } : {}),
            ...(error ? { errorCode: error.code, errorDetail: error.detail } : {}),
            ...usage,
          })
          .where(and(thisRun, eq(jobs.state, 'running')))
          .returning({ lastSeq: jobs.lastSeq, userId: jobs.userId });
        if (!job) {
          const [already] = await transaction
            .select({ state: jobs.state, seq: jobs.lastSeq })
            .from(jobs)
            .where(thisRun);
          return already?.state === state ? already.seq : undefined;
        }
        const events: NewJobEvent[] = [
          ...(await outcome(transaction, job.userId)),
          { event: 'state', data: { state, attempt } },
        ];
        await transaction
          .insert(jobEvents)
          .values(events.map(({ event, data }, index) => ({ jobId, seq: job.lastSeq + 1 + index, event, data })));
        const seq = job.lastSeq + events.length;
        await transaction.update(jobs).set({ lastSeq: seq }).where(thisRun);
        await settleTokens(transaction, jobId);
        return seq;
      });
    },
  };
}
export type JobRunsStore = ReturnType<typeof createJobRunsStore>;
