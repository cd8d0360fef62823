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

/** $1 and $2 end and id of the job before, $3 jobs at most. What still is of use refers to its job; usage has the charge. */
const forgetJobs = `
  with page as (
    select id, finished_at from app.jobs
    where (finished_at, id) > ($1::text::timestamptz, $2::uuid) and finished_at < now() - interval '90 days'
    order by finished_at, id limit $3
  ), forgotten as (
    delete from app.jobs where id in (
      select jobs.id from page join app.jobs using (id)
      where not exists (select from app.plans where job_id = jobs.id)
        and not exists (select from app.plan_sections where job_id = jobs.id)
        and not exists (select from app.documents where job_id = jobs.id)
        and not exists (select from app.chat_messages where job_id = jobs.id)
      for update of jobs skip locked
    )
  )
  select id, finished_at::text as "finishedAt" from page order by finished_at desc, page.id desc limit 1`;

/** How far a walk over the jobs of long ago has come. */
export interface OldJob {
  readonly id: string;
  readonly finishedAt: string;
}

const beforeAll: OldJob = { id: '00000000-0000-0000-0000-000000000000', finishedAt: '-infinity' };

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

    /**
     * Deletes jobs that ended 90 days ago and that nothing refers to, among the next so many. Answers with where to go on;
     * undefined when all were looked at.
     */
    async forgetJobs(after: OldJob | undefined, most = 500): Promise<OldJob | undefined> {
      const { id, finishedAt } = after ?? beforeAll;
      const [last] = await run<OldJob>(forgetJobs, [finishedAt, id, most]);
      return last;
    },
  };
}
export type JobSweepsStore = ReturnType<typeof createJobSweepsStore>;
