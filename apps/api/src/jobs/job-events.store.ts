import type { Database } from '@alva/database';
import type { JobEventType, JobState } from '@alva/shared-types';
import type { RunIdentity, Usage } from './job-definition.ts';

export interface StoredEvent {
  readonly seq: number;
  readonly event: JobEventType;
  /** Still JSON: it is sent on as it is. */
  readonly data: string;
}

/** A job as somebody begins to watch it. */
export interface WatchedJob {
  readonly id: string;
  readonly state: JobState;
  readonly attempt: number;
  readonly lastSeq: number;
}

/** How far a job has got, and its place in line while it waits; 1 is next. */
export interface JobStanding {
  readonly jobId: string;
  readonly state: JobState;
  readonly attempt: number;
  readonly lastSeq: number;
  readonly place: number | null;
}

export interface Batch {
  readonly events: readonly { seq: number; event: JobEventType; data: unknown }[];
  readonly progress: { step: string; percent: number };
  /** What the job has cost so far, if that is news. */
  readonly usage: Usage | undefined;
}

/**
 * Written under the number of the run, so that a worker that was replaced writes nothing. Naming the numbers of the events
 * makes it repeatable: a batch whose answer was lost is recognised by `last_seq` and not written twice.
 */
const append = `
  with held as (
    update app.jobs set last_seq = $4, heartbeat_at = now(), step = $5, percent = $6,
        input_tokens = coalesce($8, input_tokens), output_tokens = coalesce($9, output_tokens), cost = coalesce($10, cost)
    where id = $1 and attempt = $2 and state = 'running' and last_seq in ($3, $4)
    returning id
  ), written as (
    insert into app.job_events (job_id, seq, event, data)
    select held.id, e.seq, e.event, e.data
    from held, jsonb_to_recordset($7::jsonb) as e(seq int, event text, data jsonb)
    on conflict do nothing
  )
  select id from held`;

const open = `
  select id, state, attempt, last_seq as "lastSeq" from app.jobs where id = $1 and user_id = $2`;

/** The place counts everybody who waits; identifiers sort by age. */
const standing = `
  select j.id as "jobId", j.state, j.attempt, j.last_seq as "lastSeq", line.place
  from app.jobs j
  left join (
    select id, row_number() over (order by id)::int as place from app.jobs where state = 'queued'
  ) line on line.id = j.id
  where j.id = any (string_to_array($1, ' ')::uuid[])`;

const after = `
  select seq, event, data::text as data from app.job_events
  where job_id = $1 and seq > $2 order by seq limit $3`;

export function createJobEventsStore({ run }: Database) {
  return {
    /** False when this run is not the current one any more. */
    async append(
      { jobId, attempt }: RunIdentity,
      lastSeq: number,
      { events, progress, usage }: Batch,
    ): Promise<boolean> {
      const { step, percent } = progress;
      const { inputTokens = null, outputTokens = null, cost = null } = usage ?? {};
      const place = [jobId, attempt, lastSeq, lastSeq + events.length, step, percent];
      const held = await run(append, [...place, JSON.stringify(events), inputTokens, outputTokens, cost]);
      return held.length === 1;
    },

    /** A statement of its own, because after a restart all watchers come at once. */
    async open(userId: string, jobId: string): Promise<WatchedJob | undefined> {
      const [job] = await run<WatchedJob>(open, [jobId, userId]);
      return job;
    },

    /** Of those jobs that there are. */
    async standing(jobIds: readonly string[]): Promise<JobStanding[]> {
      return run<JobStanding>(standing, [jobIds.join(' ')]);
    },

    async after(jobId: string, seq: number, limit: number): Promise<StoredEvent[]> {
      return run<StoredEvent>(after, [jobId, seq, limit]);
    },
  };
}
export type JobEventsStore = ReturnType<typeof createJobEventsStore>;
