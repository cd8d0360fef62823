import { JobFailure } from '../jobs/job-failure.ts';
import { ModelError } from './model-error.ts';

/** Throws what the model's failure is to the job that asked it: `await assistant.generatePlan(…).catch(failJob)`. */
export function failJob(error: unknown): never {
  if (!(error instanceof ModelError)) throw error;
  const { code, detail, retry, usage } = error;
  throw new JobFailure({ code, detail, retry, usage, cause: error });
}
