import { type RunStatement } from '@alva/database';
import { type Slice } from '@alva/service-kit';
import { type Role } from '@alva/shared-types';
import { type PersonRow } from '../accounts/person.ts';
import { type Requester } from '../http/requester.ts';
import { type EndedSession } from '../sessions/sessions.store.ts';
import * as texts from './users.sql.ts';

export interface UserRow extends PersonRow {
  /** Milliseconds since 1970. */
  readonly disabledAt: number | null;
}

export interface UserDetailRow extends UserRow {
  readonly liveSessions: number;
}

/** What a decision about a person depends on. */
export interface Standing {
  readonly id: string;
  readonly roles: Role[];
  readonly disabled: boolean;
}

export interface UserChange {
  readonly disabled?: boolean | undefined;
  readonly roles?: readonly Role[] | undefined;
}

/** The administrator who asks, and from where. */
export interface Actor extends Requester {
  readonly id: string;
  readonly sessionId: string;
}

/** Whom the audit trail names: nobody, where a command did it. */
export interface Author {
  readonly id: string | null;
  readonly address: string | null;
  readonly requestId: string | null;
}

export const byCommand: Author = { id: null, address: null, requestId: null };

export type AdminUsersStore = ReturnType<typeof createAdminUsersStore>;

export function createAdminUsersStore(run: RunStatement) {
  return {
    /** Newest first. */
    async list(filter: texts.UserFilter, slice: Slice): Promise<UserRow[]> {
      const { text, parameters } = texts.listStatement(filter, slice);
      return run<UserRow>(text, parameters);
    },

    async find(id: string): Promise<UserDetailRow | undefined> {
      const [row] = await run<UserDetailRow>(texts.findText, [id]);
      return row;
    },

    /** The account of this address, in its canonical spelling, and of those that differ from it in case only. */
    async findSpellings(email: string): Promise<UserDetailRow[]> {
      return run<UserDetailRow>(texts.findSpellingsText, [email]);
    },

    /** Both as they are, and as they stay until the transaction is over. */
    async lock(actorId: string, userId: string): Promise<{ actor: Standing | undefined; user: Standing | undefined }> {
      const rows = await run<Standing>(texts.lockText, [actorId, userId]);
      return { actor: rows.find(({ id }) => id === actorId), user: rows.find(({ id }) => id === userId) };
    },

    /** Changes someone who was locked before; the sessions that ended by it. */
    async change(userId: string, { disabled, roles }: UserChange, actor: Author): Promise<EndedSession[]> {
      const rolesJson = roles === undefined ? null : JSON.stringify(roles);
      const parameters = [userId, disabled ?? null, rolesJson, actor.id, actor.address, actor.requestId];
      return run<EndedSession>(texts.changeText, parameters);
    },

    /** Ends one session of this person, or all of them. */
    async endSessions(userId: string, sessionId: string | undefined, actor: Author): Promise<EndedSession[]> {
      const parameters = [userId, sessionId ?? null, actor.id, actor.address, actor.requestId];
      return run<EndedSession>(texts.endSessionsText, parameters);
    },

    /** Ends every session there is. */
    async endAllSessions({ id, address, requestId }: Author): Promise<EndedSession[]> {
      return run<EndedSession>(texts.endAllSessionsText, [id, address, requestId]);
    },
  };
}
