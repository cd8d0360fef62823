import { JobFailure } from '../jobs/job-failure.ts';

/** Its jobs are called off when a plan is deleted; this is for the one that was just being finished. */
export function planDeleted(): JobFailure {
  return new JobFailure({ code: 'plan-deleted', detail: 'The plan was deleted meanwhile.', retry: 'never' });
}
