import { planSectionPayload, sectionDraft, type PlanSectionPayload } from '@alva/validation';
import { z } from 'zod';
import type { JobDefinition } from '../jobs/job-definition.ts';
import { author } from '../llm/author.ts';
import { secondsWith } from '../llm/model-time.ts';
import { planDeleted } from './plan-deleted.ts';
import { abandonRewrite, completeRewrite } from './section-rewrites.store.ts';

const rewrittenSection = z.object({ draft: sectionDraft, generator: author });
export type RewrittenSection = z.infer<typeof rewrittenSection>;

/** Rewriting one section of a plan and leaving the rest alone. */
export const sectionJob: JobDefinition<PlanSectionPayload, RewrittenSection> = {
  type: 'plan.section',
  payload: planSectionPayload,
  result: rewrittenSection,
  limits: { tokens: ({ tokens }) => tokens, seconds: secondsWith(), failures: 3 },
  async succeeded(transaction, { jobId }, { draft, generator }) {
    const rewritten = await completeRewrite(transaction, jobId, draft, generator);
    if (!rewritten) throw planDeleted();
    return { ...rewritten };
  },
  failed: abandonRewrite,
  cancelled: abandonRewrite,
};
