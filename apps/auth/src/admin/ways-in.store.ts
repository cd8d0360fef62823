import { type RunStatement } from '@alva/database';
import { type EndedSession } from '../sessions/sessions.store.ts';
import { type Author } from './users.store.ts';
import * as texts from './ways-in.sql.ts';

export interface WayInRow {
  readonly kind: 'password' | 'passkey' | 'provider' | 'second-factor';
  /** What its owner calls a passkey; which provider, and the address there. */
  readonly name: string | null;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly lastUsedAt: number | null;
}

export type WaysInStore = ReturnType<typeof createWaysInStore>;

export function createWaysInStore(run: RunStatement) {
  return {
    list: (userId: string) => run<WayInRow>(texts.listText, [userId]),

    /** Leaves the mailbox as the only way in and ends all sessions. The account's row is to be locked before. */
    async removeAll(userId: string, { id, address, requestId }: Author) {
      const parameters = [userId, id, address, requestId];
      const [row] = await run<{ removed: number; ended: EndedSession[] }>(texts.removeAllText, parameters);
      return row ?? { removed: 0, ended: [] };
    },
  };
}
