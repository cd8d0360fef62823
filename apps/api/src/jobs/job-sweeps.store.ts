import { newIdentifier, type Database } from '@alva/database';

/**
 * Jobs that ought to be on their way but may not be: never queued, queued long ago, or silent while running. Marking and
 * skipping locked rows shares the work out between any number of sweepers; the mark brings a job up again only later.
 */
const takeStranded = `
  update app.jobs set enqueued_at = now()
  where id in (
    select id from app.jobs
    where (state = 'queued' and enqueued_at is null and created_at < now() - $1 * interval '1 millisecond')
       or (state = 'queued' and enqueued_at < now() - $2 * interval '1 millisecond')
       or (state = 'running' and heartbeat_at < now() - $2 * interval '1 millisecond'
           and coalesce(enqueued_at, created_at) < now() - $2 * interval '1 millisecond')
    order by created_at limit 200
    for update skip locked
  )
  returning id`;

const forget = `
  with keys as (
    delete from app.idempotency_keys where created_at < now() - interval '2 days'
  )
  delete from app.usage_days where day < now() at time zone 'utc' - interval '90 days' and jobs_unfinished = 0`;

/** Identifiers tell their age: only what is left of old jobs is looked at, however many of those there are. */
const forgetEvents = `
  with old as (
    select e.job_id, e.seq from app.job_events e join app.jobs j on j.id = e.job_id
    where e.job_id < $1 and j.state in ('succeeded', 'failed', 'cancelled') and j.finished_at < now() - interval '7 days'
    order by e.job_id, e.seq limit $2
    for update of e skip locked
  )
  delete from app.job_events e using old where e.job_id = old.job_id and e.seq = old.seq returning e.seq`;

const week = 7 * 86_400_000;

export function createJobSweepsStore({ run }: Database) {
  return {
    /** Milliseconds after which a job that was never queued, and one that was, counts as stranded. */
    async takeStranded({ unqueued, silent }: { unqueued: number; silent: number }): Promise<string[]> {
      const rows = await run<{ id: string }>(takeStranded, [unqueued, silent]);
      return rows.map(({ id }) => id);
    },

    /** Repeated requests come soon or never, and budgets end with their day. */
    async forgetOld(): Promise<void> {
      await run(forget);
    },

    /** Nobody watches last week's writing. At most so many events at once; answers with how many there were. */
    async forgetEvents(most: number): Promise<number> {
      return (await run(forgetEvents, [newIdentifier(Date.now() - week), most])).length;
    },
  };
}
export type JobSweepsStore = ReturnType<typeof createJobSweepsStore>;
