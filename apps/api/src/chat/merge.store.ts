import { and, chatSessions, eq, gt, guests, sql, type Database } from '@alva/database';
import { handOverWork } from '../jobs/hand-over.store.ts';
import { countForAnother } from './chat-sessions.store.ts';

export interface Merge {
  readonly sessionId: string;
  readonly tokenHash: Buffer;
  readonly person: { readonly userId: string; readonly sessionId: string };
}

export function createMergeStore({ db }: Database) {
  return {
    /**
     * Makes a guest's conversation a person's. The session is held from the first statement on, as it is by whoever asks
     * within it: people who want it come one after the other, and no work comes after its guest is gone. Whoever comes later
     * finds the token spent, and has either got the conversation already or not. `decide` is shown how many the person has
     * so far, and may throw. False when it is not theirs.
     */
    async merge({ sessionId, tokenHash, person }: Merge, decide: (conversations: number) => void): Promise<boolean> {
      return db.transaction(async (transaction) => {
        const [session] = await transaction
          .select({ userId: chatSessions.userId, mergedTokenHash: chatSessions.mergedTokenHash })
          .from(chatSessions)
          .where(eq(chatSessions.id, sessionId))
          .for('no key update');
        if (!session) return false;
        const spent = await transaction
          .delete(guests)
          .where(and(eq(guests.id, session.userId), eq(guests.tokenHash, tokenHash), gt(guests.expiresAt, sql`now()`)))
          .returning({ id: guests.id });
        if (spent.length === 0) {
          return session.userId === person.userId && session.mergedTokenHash?.equals(tokenHash) === true;
        }
        decide(await countForAnother(transaction, person.userId));
        await transaction
          .update(chatSessions)
          .set({ userId: person.userId, mergedTokenHash: tokenHash })
          .where(eq(chatSessions.id, sessionId));
        await handOverWork(transaction, { guestId: session.userId, ...person });
        return true;
      });
    },
  };
}
export type MergeStore = ReturnType<typeof createMergeStore>;
