import { planDraft, planGeneratePayload, type PlanGeneratePayload } from '@alva/validation';
import { z } from 'zod';
import type { JobDefinition } from '../jobs/job-definition.ts';
import { author } from '../llm/author.ts';
import { secondsWith } from '../llm/model-time.ts';
import { planPrompt } from '../llm/prompts/plan.v1.ts';
import { mostOutputTokens, promptTokens } from '../llm/tokens.ts';
import { planDeleted } from './plan-deleted.ts';
import type { PlansStore } from './plans.store.ts';

const generatedPlan = z.object({ draft: planDraft, generator: author });
export type GeneratedPlan = z.infer<typeof generatedPlan>;

/** A round number for most profiles; more for those whose prompt needs it beside the longest answer that is asked for. */
function tokensNeeded({ clientProfile }: PlanGeneratePayload): number {
  return Math.max(20_000, promptTokens(planPrompt(clientProfile)) + mostOutputTokens.plan);
}

/** Writing a plan, as both the api and the worker know it. */
export function createPlanJob(plans: PlansStore): JobDefinition<PlanGeneratePayload, GeneratedPlan> {
  return {
    type: 'plan.generate',
    payload: planGeneratePayload,
    result: generatedPlan,
    limits: { tokens: tokensNeeded, seconds: secondsWith(), failures: 3 },
    async succeeded(transaction, { jobId }, { draft, generator }) {
      const planId = await plans.complete(transaction, jobId, draft, generator);
      if (planId === undefined) throw planDeleted();
      return { planId };
    },
    failed: (transaction, jobId) => plans.setStatus(transaction, jobId, 'failed'),
    cancelled: (transaction, jobId) => plans.setStatus(transaction, jobId, 'cancelled'),
  };
}
