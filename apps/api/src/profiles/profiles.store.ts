import { eq, profiles, sql, type Database } from '@alva/database';
import type { ClientProfile } from '@alva/validation';

export function createProfilesStore({ db }: Database) {
  return {
    async find(userId: string): Promise<ClientProfile | undefined> {
      const [row] = await db.select({ profile: profiles.profile }).from(profiles).where(eq(profiles.userId, userId));
      return row?.profile as ClientProfile | undefined;
    },

    /** One statement, so that a person has one profile however many requests race. */
    async put(userId: string, profile: ClientProfile): Promise<void> {
      await db
        .insert(profiles)
        .values({ userId, profile })
        .onConflictDoUpdate({ target: profiles.userId, set: { profile, updatedAt: sql`now()` } });
    },
  };
}
export type ProfilesStore = ReturnType<typeof createProfilesStore>;
