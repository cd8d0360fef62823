import { ProblemError, type Slice } from '@alva/service-kit';
import type { GeneratePlanAnswer, GeneratePlanBody, Plan, PlanOverview } from '@alva/validation';
import type { Asker } from '../jobs/asker.ts';
import type { JobsService } from '../jobs/jobs.service.ts';
import type { ProfilesService } from '../profiles/profiles.service.ts';
import type { PlansStore } from './plans.store.ts';

export interface PlansServiceOptions {
  readonly store: PlansStore;
  readonly jobs: JobsService;
  readonly profiles: Pick<ProfilesService, 'find'>;
}

export function createPlansService({ store, jobs, profiles }: PlansServiceOptions) {
  return {
    /** The plan is there at once, empty; its job fills it. */
    async generate(asker: Asker, body: GeneratePlanBody): Promise<GeneratePlanAnswer> {
      const clientProfile = body.clientProfile ?? (await profiles.find(asker.userId));
      if (!clientProfile) throw new ProblemError('profile-required');
      const planId = store.newId();
      const work = { type: 'plan.generate', payload: { planId, clientProfile }, request: body };
      return jobs.begin(asker, work, async (transaction, jobId) => {
        const title = `Marketing plan for ${clientProfile.businessName}`;
        await store.insert(transaction, { id: planId, userId: asker.userId, jobId, title, clientProfile });
        return { planId, jobId };
      });
    },

    async list(userId: string, slice: Slice): Promise<PlanOverview[]> {
      return store.list(userId, slice);
    },

    async get(userId: string, planId: string): Promise<Plan> {
      const plan = await store.find(userId, planId);
      if (!plan) throw new ProblemError('not-found');
      return plan;
    },
  };
}
export type PlansService = ReturnType<typeof createPlansService>;
