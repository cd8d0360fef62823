import { type RunStatement } from '@alva/database';
import { type UserDeletedDelivery } from '@alva/validation';
import { type Author } from '../admin/users.store.ts';
import { type Requester } from '../http/requester.ts';
import { type EndedSession } from '../sessions/sessions.store.ts';
import * as texts from './deletions.sql.ts';

export interface AskedDeletion {
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  readonly ended: EndedSession[];
}

export interface UntoldDeletion extends UserDeletedDelivery {
  /** Seconds. */
  readonly age: number;
}

export type DeletionsStore = ReturnType<typeof createDeletionsStore>;

export function createDeletionsStore(run: RunStatement) {
  return {
    /** Ends all sessions of the person; undefined when it was asked for already. */
    async ask(
      userId: string,
      grace: number,
      sessionId: string,
      { address, requestId }: Requester,
    ): Promise<AskedDeletion | undefined> {
      const [row] = await run<AskedDeletion>(texts.askText, [userId, grace, sessionId, address, requestId, false]);
      return row;
    },

    /** Due at once, whether or not the person asked before; undefined when it is due already. */
    async askAtOnce(userId: string, { address, requestId }: Author): Promise<AskedDeletion | undefined> {
      const [row] = await run<AskedDeletion>(texts.askText, [userId, 0, null, address, requestId, true]);
      return row;
    },

    /** False when there was nothing to cancel, or it is too late. */
    async cancel(
      userId: string,
      sessionId: string | null,
      { address, requestId }: Requester | Author,
    ): Promise<boolean> {
      return (await run(texts.cancelText, [userId, sessionId, address, requestId])).length > 0;
    },

    /** Shuts some accounts whose time has come. */
    shut: (): Promise<EndedSession[]> => run<EndedSession>(texts.shutText),

    /** Removes some of those for which no token can be good any more; answers with the addresses they had. */
    async remove(tokenLifetime: number): Promise<string[]> {
      const rows = await run<{ email: string }>(texts.removeText, [tokenLifetime]);
      return rows.map(({ email }) => email);
    },

    /** Those of whom the api has not said yet that it has forgotten them. */
    listUntold: (): Promise<UntoldDeletion[]> => run<UntoldDeletion>(texts.untoldText),

    async acknowledge(deletionId: string): Promise<void> {
      await run(texts.acknowledgeText, [deletionId]);
    },
  };
}
