import type { JobDefinition } from '../jobs/job-definition.ts';

/** What a run does besides, so that it is the model's own time that ends it, with a reason that names the model. */
const besides = 60;

/** How long a run may take that asks for one answer; without another time for that, what `LLM_TIMEOUT` is unless it is set. */
export function secondsWith(answer = 300): number {
  return answer + besides;
}

/** A kind of job that asks the model, as a worker does it: only workers know how long an answer may take. */
export function allowModelTime<Payload, Result>(
  job: JobDefinition<Payload, Result>,
  { LLM_TIMEOUT }: { readonly LLM_TIMEOUT: number },
): JobDefinition<Payload, Result> {
  return { ...job, limits: { ...job.limits, seconds: secondsWith(LLM_TIMEOUT) } };
}
