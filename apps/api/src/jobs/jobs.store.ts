import {
  and,
  desc,
  eq,
  inArray,
  isNotNull,
  isNull,
  jobEvents,
  jobs,
  lt,
  newIdentifier,
  sql,
  type Database,
} from '@alva/database';
import { terminalJobStates, type JobState } from '@alva/shared-types';
import type { Job } from '@alva/validation';
import type { Asker } from './asker.ts';
import { mostJobsADay } from '../usage/allowances.ts';
import { BudgetExhausted, DayFull, TooManyJobs } from '../usage/refusals.ts';
import { budgetState, reserveTokens, settleTokens, type Reservation } from '../usage/budgets.store.ts';
import {
  claimEffect,
  findRepetition,
  rememberAnswer,
  type IntendedEffect,
  type Repetition,
} from './idempotency.store.ts';
import type { Transaction } from './job-definition.ts';

export interface NewJob extends Omit<Asker, 'idempotencyKey'> {
  readonly type: string;
  readonly payload: unknown;
  readonly effect: IntendedEffect | undefined;
  /** What it may cost, and what its owner may do. */
  readonly budget: Omit<Reservation, 'jobId' | 'userId'>;
}

/** `jobId` is there when this very call made the job. */
export type Begun<Answer> = 'other-request' | { readonly answer: Answer; readonly jobId?: string };

/** Whose jobs are meant: all of somebody, or those that one session asked for. */
export type JobOwner = { readonly userId: string } | { readonly sessionId: string };

export interface CancelledJob {
  readonly type: string;
  /** The number of its last event. */
  readonly seq: number;
  readonly createdAt: Date;
}

/** A job together with what its owner is not shown. */
export interface JobRow extends Job {
  readonly lastSeq: number;
}

const backlogText = `
  select count(*) filter (where state = 'queued')::int as queued, count(*) filter (where state = 'running')::int as running,
         coalesce(extract(epoch from now() - min(due_at) filter (where state = 'queued' and due_at < now())), 0)::float8 as oldest
  from app.jobs where state in ('queued', 'running')`;

const unfinished = ['queued', 'running'] as const satisfies readonly JobState[];

/** Jobs as their owners see and end them. What workers do to them is in `job-runs.store.ts`. */
export function createJobsStore({ db, run }: Database) {
  /**
   * The row, its first event, whatever the job is for, the answer to a named request and the reservation: all of it or
   * nothing. Throws `BudgetExhausted`, `TooManyJobs` and `DayFull`.
   */
  async function begin<Answer>(
    job: NewJob,
    attach: (transaction: Transaction, jobId: string) => Promise<Answer>,
  ): Promise<Begun<Answer>> {
    return db.transaction(async (transaction) => {
      const { userId, sessionId, traceparent, type, payload, effect, budget } = job;
      const standing = effect ? await claimEffect(transaction, userId, effect) : 'first';
      if (standing === 'other-request') return standing;
      if (standing !== 'first') return { answer: standing.answer as Answer };
      const jobId = newIdentifier();
      await transaction.insert(jobs).values({ id: jobId, userId, sessionId, traceparent, type, payload, lastSeq: 1 });
      await transaction
        .insert(jobEvents)
        .values({ jobId, seq: 1, event: 'state', data: { state: 'queued', attempt: 0 } });
      const answer = await attach(transaction, jobId);
      if (effect) await rememberAnswer(transaction, userId, effect, answer);
      await reserve(transaction, { ...budget, jobId, userId });
      return { answer, jobId };
    });
  }

  /** How a request that was answered before stands; undefined when it was not. */
  async function repetition(userId: string, effect: IntendedEffect): Promise<Repetition | undefined> {
    return findRepetition(db, userId, effect);
  }

  async function markEnqueued(id: string): Promise<void> {
    await db
      .update(jobs)
      .set({ enqueuedAt: sql`now()` })
      .where(and(eq(jobs.id, id), isNull(jobs.enqueuedAt)));
  }

  async function find(userId: string, id: string): Promise<JobRow | undefined> {
    const [row] = await db
      .select()
      .from(jobs)
      .where(and(eq(jobs.id, id), eq(jobs.userId, userId)));
    return row && toJob(row);
  }

  async function list(
    userId: string,
    { limit, before }: { limit: number; before: string | undefined },
  ): Promise<JobRow[]> {
    const rows = await db
      .select()
      .from(jobs)
      .where(and(eq(jobs.userId, userId), before === undefined ? undefined : lt(jobs.id, before)))
      .orderBy(desc(jobs.id))
      .limit(limit);
    return rows.map(toJob);
  }

  /** Ends a job unless it is over: the statement that wins decides. Returns something if it was this one. */
  async function cancel(
    id: string,
    owner: JobOwner,
    whenCancelled: (transaction: Transaction, type: string) => Promise<void>,
  ): Promise<CancelledJob | undefined> {
    return db.transaction(async (transaction) => {
      const [job] = await transaction
        .update(jobs)
        .set({ state: 'cancelled', finishedAt: sql`now()`, lastSeq: sql`${jobs.lastSeq} + 1` })
        .where(and(eq(jobs.id, id), ownedBy(owner), inArray(jobs.state, unfinished)))
        .returning({ type: jobs.type, attempt: jobs.attempt, seq: jobs.lastSeq, createdAt: jobs.createdAt });
      if (!job) return undefined;
      await transaction
        .insert(jobEvents)
        .values({ jobId: id, seq: job.seq, event: 'state', data: { state: 'cancelled', attempt: job.attempt } });
      await whenCancelled(transaction, job.type);
      await settleTokens(transaction, id);
      return job;
    });
  }

  /** Newest first: what waits in line can then be ended before what runs makes room for it. */
  async function unfinishedOf(owner: JobOwner): Promise<string[]> {
    const rows = await db
      .select({ id: jobs.id })
      .from(jobs)
      .where(and(ownedBy(owner), inArray(jobs.state, unfinished)))
      .orderBy(desc(jobs.id));
    return rows.map(({ id }) => id);
  }

  /** Sessions that asked for work which is not over, each with the time of its oldest such job. */
  async function unfinishedSessions(): Promise<{ sessionId: string; since: Date }[]> {
    const rows = await db
      .select({ sessionId: jobs.sessionId, since: sql`min(${jobs.createdAt})`.mapWith(jobs.createdAt) })
      .from(jobs)
      .where(and(inArray(jobs.state, unfinished), isNotNull(jobs.sessionId)))
      .groupBy(jobs.sessionId);
    return rows.flatMap(({ sessionId, since }) => (sessionId === null ? [] : [{ sessionId, since }]));
  }

  /** Of everybody: how many wait and run, and for how many seconds one could have been begun at most. */
  async function backlog(): Promise<{ queued: number; running: number; oldest: number }> {
    const [row] = await run<{ queued: number; running: number; oldest: number }>(backlogText);
    return row ?? { queued: 0, running: 0, oldest: 0 };
  }

  return { backlog, begin, repetition, markEnqueued, find, list, cancel, unfinishedOf, unfinishedSessions };
}
export type JobsStore = ReturnType<typeof createJobsStore>;

function ownedBy(owner: JobOwner) {
  return 'userId' in owner ? eq(jobs.userId, owner.userId) : eq(jobs.sessionId, owner.sessionId);
}

/** Throws when the owner may not have such a job now. */
async function reserve(transaction: Transaction, reservation: Reservation): Promise<void> {
  const exhausted = await reserveTokens(transaction, reservation);
  if (!exhausted) return;
  const state = await budgetState(transaction, exhausted);
  if (exhausted.isShared) throw new BudgetExhausted(reservation.tokens, state, exhausted);
  if (state.unfinished >= reservation.mostUnfinished) throw new TooManyJobs(reservation.mostUnfinished);
  if (state.begun >= mostJobsADay) throw new DayFull(state.secondsLeft);
  throw new BudgetExhausted(reservation.tokens, state, exhausted);
}

export function isOver(state: JobState): boolean {
  return (terminalJobStates as readonly JobState[]).includes(state);
}

function toJob(row: typeof jobs.$inferSelect): JobRow {
  return {
    id: row.id,
    type: row.type,
    state: row.state,
    progress: { step: row.step, percent: row.percent },
    attempt: row.attempt,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    lastSeq: row.lastSeq,
    ...(row.errorCode === null ? {} : { error: { code: row.errorCode, detail: row.errorDetail ?? '' } }),
    ...(row.inputTokens === null
      ? {}
      : { usage: { inputTokens: row.inputTokens, outputTokens: row.outputTokens ?? 0, cost: row.cost ?? 0 } }),
  };
}
