import type { PlanGeneratePayload } from '@alva/validation';
import type { JobRun, JobYield } from '../jobs/job-definition.ts';
import { failJob } from '../llm/fail-job.ts';
import type { Planner } from '../llm/planner.ts';
import type { GeneratedPlan } from './plan-job.ts';

export function createPlanProcessor(planner: Planner) {
  return async ({ payload, signal, emit }: JobRun<PlanGeneratePayload>): Promise<JobYield<GeneratedPlan>> => {
    const { draft, usage } = await planner.generatePlan(payload.clientProfile, { signal, emit }).catch(failJob);
    return { result: { draft, generator: planner.generator }, usage };
  };
}
