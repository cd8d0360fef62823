import { isExpected, preconditionFailed, ProblemError, type ExpectedVersions } from '@alva/service-kit';
import type { ChangePlanBody, GeneratePlanAnswer, Plan, RewriteSectionBody } from '@alva/validation';
import type { Asker } from '../jobs/asker.ts';
import type { JobsService } from '../jobs/jobs.service.ts';
import { editPlan } from './edit-plan.ts';
import type { PlanEditsStore } from './plan-edits.store.ts';
import type { PlansService } from './plans.service.ts';
import { sectionRequest, tokensNeeded } from './section-request.ts';
import { beginRewrite } from './section-rewrites.store.ts';

export interface PlanEditsServiceOptions {
  readonly store: PlanEditsStore;
  readonly plans: Pick<PlansService, 'get'>;
  readonly jobs: JobsService;
}

export function createPlanEditsService({ store, plans, jobs }: PlanEditsServiceOptions) {
  return {
    /**
     * Changes the version that was read, and no other. A plan that says already what it is to say is left as it is: the change
     * was made before, and only its answer was lost (RFC 9110, section 13.1.1).
     */
    async change(
      userId: string,
      planId: string,
      expected: ExpectedVersions | undefined,
      body: ChangePlanBody,
    ): Promise<Plan> {
      const changed = await store.change(userId, planId, (plan) => {
        if (plan.status !== 'ready') throw new ProblemError('plan-not-ready');
        if (!expected) throw new ProblemError('precondition-required');
        const edit = editPlan(plan, body);
        if (edit && !isExpected(expected, plan.version)) throw preconditionFailed(plan.version);
        return edit;
      });
      if (!changed) throw new ProblemError('not-found');
      return changed;
    },

    /** What is still being written for it is called off. */
    async remove(userId: string, planId: string, expected: ExpectedVersions = 'any'): Promise<void> {
      const removed = await store.remove(userId, planId, ({ version }) => {
        if (!isExpected(expected, version)) throw preconditionFailed(version);
      });
      if (!removed) throw new ProblemError('not-found');
      for (const jobId of unfinishedJobs(removed)) await jobs.cancelUnfinished(userId, jobId);
    },

    async rewriteSection(
      asker: Asker,
      planId: string,
      { section: sectionId, wish }: RewriteSectionBody,
    ): Promise<GeneratePlanAnswer> {
      const asked = { planId, sectionId, wish };
      const work = { type: 'plan.section', request: asked };
      const before = await jobs.firstAnswer<GeneratePlanAnswer>(asker, work);
      if (before) return before;
      const plan = await plans.get(asker.userId, planId);
      if (plan.status !== 'ready') throw new ProblemError('plan-not-ready');
      const section = plan.sections.find(({ id }) => id === sectionId);
      if (!section) {
        const errors = [{ pointer: '#/section', detail: 'is no section of this plan' }];
        throw new ProblemError('validation-failed', { errors });
      }
      const payload = { ...asked, tokens: tokensNeeded(sectionRequest(plan, section, wish)) };
      return jobs.begin(asker, { ...work, payload }, async (transaction, jobId) => {
        const begun = await beginRewrite(transaction, asker.userId, asked, jobId);
        if (begun === 'gone') throw new ProblemError('not-found');
        if (begun === 'in-work') throw new ProblemError('section-in-work');
        return { planId, jobId };
      });
    },
  };
}
export type PlanEditsService = ReturnType<typeof createPlanEditsService>;

function unfinishedJobs({ status, jobId, sections }: Plan): string[] {
  return [...(status === 'generating' ? [jobId] : []), ...sections.flatMap((section) => section.jobId ?? [])];
}
