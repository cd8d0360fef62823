import type { PlanSectionPayload } from '@alva/validation';
import type { JobRun, JobYield } from '../jobs/job-definition.ts';
import type { Assistant } from '../llm/assistant.ts';
import { failJob } from '../llm/fail-job.ts';
import { planDeleted } from './plan-deleted.ts';
import type { PlansStore } from './plans.store.ts';
import type { RewrittenSection } from './section-job.ts';
import { sectionRequest } from './section-request.ts';

export interface SectionProcessorOptions {
  readonly assistant: Pick<Assistant, 'generator' | 'writeSection'>;
  readonly store: Pick<PlansStore, 'find'>;
}

/** Works with the plan as it is when the run begins, edits of the last minute included. */
export function createSectionProcessor({ assistant, store }: SectionProcessorOptions) {
  return async ({ payload, ...run }: JobRun<PlanSectionPayload>): Promise<JobYield<RewrittenSection>> => {
    const { planId, sectionId, wish } = payload;
    const plan = await store.find(run.userId, planId);
    const present = plan?.sections.find(({ id }) => id === sectionId);
    if (!plan || !present) throw planDeleted();
    const request = sectionRequest(plan, present, wish);
    const { section, usage, prompt } = await assistant.writeSection(request, run).catch(failJob);
    return { result: { draft: section, generator: { ...assistant.generator, prompt } }, usage };
  };
}
