import { JobFailure } from '../jobs/job-failure.ts';
import { PlannerError } from './planner.ts';

/** Throws what the model's failure is to the job that asked it: `await planner.generatePlan(…).catch(failJob)`. */
export function failJob(error: unknown): never {
  if (!(error instanceof PlannerError)) throw error;
  const { code, detail, retry, usage } = error;
  throw new JobFailure({ code, detail, retry, usage, cause: error });
}
