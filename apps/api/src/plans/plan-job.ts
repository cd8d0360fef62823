import { planGeneratePayload, type PlanDraft, type PlanGeneratePayload, type PlanGenerator } from '@alva/validation';
import type { JobDefinition } from '../jobs/job-definition.ts';
import type { PlansStore } from './plans.store.ts';

export interface GeneratedPlan {
  readonly draft: PlanDraft;
  readonly generator: PlanGenerator;
}

/** Writing a plan, as both the api and the worker know it. */
export function createPlanJob(plans: PlansStore): JobDefinition<PlanGeneratePayload, GeneratedPlan> {
  return {
    type: 'plan.generate',
    payload: planGeneratePayload,
    async succeeded(transaction, { jobId }, { draft, generator }) {
      return { planId: await plans.complete(transaction, jobId, draft, generator) };
    },
    failed: (transaction, jobId) => plans.setStatus(transaction, jobId, 'failed'),
    cancelled: (transaction, jobId) => plans.setStatus(transaction, jobId, 'cancelled'),
  };
}
