import type { PlanGeneratePayload } from '@alva/validation';
import type { JobRun, JobYield } from '../jobs/job-definition.ts';
import type { Assistant } from '../llm/assistant.ts';
import { failJob } from '../llm/fail-job.ts';
import type { GeneratedPlan } from './plan-job.ts';

export function createPlanProcessor(assistant: Assistant) {
  return async ({ payload, ...run }: JobRun<PlanGeneratePayload>): Promise<JobYield<GeneratedPlan>> => {
    const { draft, usage, prompt } = await assistant.generatePlan(payload.clientProfile, run).catch(failJob);
    return { result: { draft, generator: { ...assistant.generator, prompt } }, usage };
  };
}
