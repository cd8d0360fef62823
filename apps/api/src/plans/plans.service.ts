import { ProblemError, type Slice } from '@alva/service-kit';
import type { GeneratePlanAnswer, GeneratePlanBody, Plan, PlanOverview, PlansQuery } from '@alva/validation';
import type { Asker } from '../jobs/asker.ts';
import type { JobsService } from '../jobs/jobs.service.ts';
import type { ProfilesService } from '../profiles/profiles.service.ts';
import { planMarkdown } from './export/plan-markdown.ts';
import type { PlanEditsStore } from './plan-edits.store.ts';
import type { PlansStore } from './plans.store.ts';

export interface PlansServiceOptions {
  readonly store: PlansStore;
  readonly edits: Pick<PlanEditsStore, 'restart'>;
  readonly jobs: JobsService;
  readonly profiles: Pick<ProfilesService, 'find'>;
}

/** Of one person, whatever became of them. */
const mostPlans = 500;
const detail = `You can keep ${mostPlans} plans. Delete one first.`;

/** Plans as they are asked for and read. Changing them is in `plan-edits.service.ts`. */
export function createPlansService({ store, edits, jobs, profiles }: PlansServiceOptions) {
  async function get(userId: string, planId: string): Promise<Plan> {
    const plan = await store.find(userId, planId);
    if (!plan) throw new ProblemError('not-found');
    return plan;
  }

  return {
    get,

    /** The plan is there at once, empty; its job fills it. Other answers may be given for this plan, once there are stored ones. */
    async generate(asker: Asker, body: GeneratePlanBody): Promise<GeneratePlanAnswer> {
      const stored = await profiles.find(asker.userId);
      if (!stored) throw new ProblemError('profile-required');
      const clientProfile = body.clientProfile ?? stored;
      const planId = store.newId();
      const work = { type: 'plan.generate', payload: { planId, clientProfile }, request: body };
      return jobs.begin(asker, work, async (transaction, jobId) => {
        const title = `Marketing plan for ${clientProfile.businessName}`;
        const plan = { id: planId, userId: asker.userId, jobId, title, clientProfile };
        if (!(await store.insert(transaction, plan, mostPlans))) throw new ProblemError('too-many-plans', { detail });
        return { planId, jobId };
      });
    },

    /**
     * Another job for a plan that came to nothing, from the same answers. What the job before had written stays in its
     * events.
     */
    async retry(asker: Asker, planId: string): Promise<GeneratePlanAnswer> {
      const work = { type: 'plan.generate', request: ['retry', planId] };
      const before = await jobs.firstAnswer<GeneratePlanAnswer>(asker, work);
      if (before) return before;
      const { clientProfile } = await get(asker.userId, planId);
      return jobs.begin(asker, { ...work, payload: { planId, clientProfile } }, async (transaction, jobId) => {
        if (!(await edits.restart(transaction, asker.userId, planId, jobId)))
          throw new ProblemError('plan-not-stopped');
        return { planId, jobId };
      });
    },

    /** A document to keep, and what it may be called. */
    async export(userId: string, planId: string): Promise<{ name: string; markdown: string }> {
      const plan = await get(userId, planId);
      if (plan.status !== 'ready') throw new ProblemError('plan-not-ready');
      return { name: `${plan.title} ${plan.updatedAt.slice(0, 10)}`, markdown: planMarkdown(plan) };
    },

    async list(userId: string, filter: Pick<PlansQuery, 'status' | 'search'>, slice: Slice): Promise<PlanOverview[]> {
      return store.list(userId, { ...filter, ...slice });
    },
  };
}
export type PlansService = ReturnType<typeof createPlansService>;
