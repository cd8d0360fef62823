import type { PlanGeneratePayload } from '@alva/validation';
import { JobFailure, type JobRun, type JobYield } from '../jobs/job-definition.ts';
import { PlannerError, type Planner } from '../llm/planner.ts';
import type { GeneratedPlan } from './plan-job.ts';

export function createPlanProcessor(planner: Planner) {
  return async ({ payload, signal, emit }: JobRun<PlanGeneratePayload>): Promise<JobYield<GeneratedPlan>> => {
    try {
      const { draft, usage } = await planner.generatePlan(payload.clientProfile, { signal, emit });
      return { result: { draft, generator: planner.generator }, usage };
    } catch (error) {
      if (!(error instanceof PlannerError)) throw error;
      const { code, detail, retry, usage } = error;
      throw new JobFailure({ code, detail, retry, usage, cause: error });
    }
  };
}
