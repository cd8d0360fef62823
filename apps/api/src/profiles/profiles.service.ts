import { ProblemError } from '@alva/service-kit';
import type { ClientProfile } from '@alva/validation';
import type { ProfilesStore } from './profiles.store.ts';

export function createProfilesService(store: ProfilesStore) {
  return {
    find: (userId: string) => store.find(userId),

    async get(userId: string): Promise<ClientProfile> {
      const profile = await store.find(userId);
      if (!profile) throw new ProblemError('not-found', { detail: 'The questionnaire has not been filled in yet.' });
      return profile;
    },

    async put(userId: string, profile: ClientProfile): Promise<ClientProfile> {
      await store.put(userId, profile);
      return profile;
    },
  };
}
export type ProfilesService = ReturnType<typeof createProfilesService>;
