import { type JobEventType, type JobState } from '@alva/shared-types';
import { date, index, integer, jsonb, numeric, pgCore, sql, text, uuid } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { appSchema } from './schema.ts';

/** The work a person asked for. This row is the truth; the queue only delivers its id. */
export const jobs = appSchema.table(
  'jobs',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id').notNull(),
    /** The session that asked, so that the job can end with it; guests have none. */
    sessionId: uuid('session_id'),
    type: text('type').notNull(),
    payload: jsonb('payload').$type<unknown>().notNull(),
    state: text('state').$type<JobState>().notNull().default('queued'),
    step: text('step').notNull().default(''),
    percent: integer('percent').notNull().default(0),
    /** Counts the runs; a result is only taken from the run with this number. */
    attempt: integer('attempt').notNull().default(0),
    /** Runs that failed by themselves. A worker that crashed or shut down is not the job's failure. */
    failures: integer('failures').notNull().default(0),
    /** What those runs spent: only they use up what was set aside. */
    failedTokens: integer('failed_tokens').notNull().default(0),
    /** Number of the newest event. */
    lastSeq: integer('last_seq').notNull().default(0),
    errorCode: text('error_code'),
    errorDetail: text('error_detail'),
    /** What its runs are known to have cost, also while it runs. */
    inputTokens: integer('input_tokens'),
    outputTokens: integer('output_tokens'),
    cost: numeric('cost', { precision: 12, scale: 6, mode: 'number' }),
    /** Tokens set aside from the budget of that day; given back there when the job is over. */
    reservedTokens: integer('reserved_tokens').notNull().default(0),
    reservedOn: date('reserved_on', { mode: 'string' }),
    traceparent: text('traceparent'),
    createdAt: moment('created_at').notNull().defaultNow(),
    /** Since when, or from when on, somebody may begin a run. */
    dueAt: moment('due_at').notNull().defaultNow(),
    /** When the queue confirmed the delivery; null makes the sweeper add it again. */
    enqueuedAt: moment('enqueued_at'),
    startedAt: moment('started_at'),
    /** The running worker's sign of life. */
    heartbeatAt: moment('heartbeat_at'),
    finishedAt: moment('finished_at'),
  },
  (table) => [
    index('jobs_user_id_index').on(table.userId, table.id.desc()),
    index('jobs_unfinished_index')
      .on(table.createdAt)
      .where(sql`${table.state} in ('queued', 'running')`),
    index('jobs_finished_at_index').on(table.finishedAt),
    index('jobs_unfinished_session_index')
      .on(table.sessionId)
      .where(sql`${table.state} in ('queued', 'running')`),
  ],
);

/** What happened in a job, numbered within it, for watchers that come late or come back. */
export const jobEvents = appSchema.table(
  'job_events',
  {
    jobId: uuid('job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    seq: integer('seq').notNull(),
    event: text('event').$type<JobEventType>().notNull(),
    data: jsonb('data').$type<unknown>().notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [pgCore.primaryKey({ columns: [table.jobId, table.seq] })],
);

/** One intended effect per key and person: a repeated request gets the first one's answer. */
export const idempotencyKeys = appSchema.table(
  'idempotency_keys',
  {
    userId: uuid('user_id').notNull(),
    key: text('key').notNull(),
    /** SHA-256 over the type of the work and the request: the same key for another request is refused. */
    requestHash: bytea('request_hash').notNull(),
    answer: jsonb('answer').$type<unknown>().notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (table) => [
    pgCore.primaryKey({ columns: [table.userId, table.key] }),
    index('idempotency_keys_created_at_index').on(table.createdAt),
  ],
);
