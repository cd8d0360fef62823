import type { OwnerLimit, Usage } from '@alva/validation';
import type { Owner } from '../guests/owner.ts';
import { dailyTokensOf, type Allowances } from './allowances.ts';
import type { UsageStore } from './usage.store.ts';

export interface UsageServiceOptions {
  readonly store: UsageStore;
  readonly allowances: Allowances;
}

/** What owners have used, and what they may use. Reserving and settling is part of the jobs themselves. */
export function createUsageService({ store, allowances }: UsageServiceOptions) {
  return {
    of: (owner: Owner): Promise<Usage> => store.today(owner.userId, dailyTokensOf(allowances, owner)),

    /** Nobody here knows whether such a person exists: whoever has no limit of their own is told that. */
    limit: (userId: string): Promise<OwnerLimit> => store.limit(userId),

    /** Holds from the next job on; what is under way is not touched. */
    async setLimit(userId: string, dailyTokens: number): Promise<OwnerLimit> {
      await store.setLimit(userId, dailyTokens);
      return store.limit(userId);
    },

    removeLimit: (userId: string): Promise<void> => store.removeLimit(userId),
  };
}
export type UsageService = ReturnType<typeof createUsageService>;
