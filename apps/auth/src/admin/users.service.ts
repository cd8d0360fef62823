import { ProblemError, readPage, type Page } from '@alva/service-kit';
import { roles as allRoles } from '@alva/shared-types';
import {
  identifier,
  type AdminUser,
  type AdminUserDetail,
  type AdminUsersQuery,
  type ChangeUserBody,
  type PageQuery,
  type Session,
} from '@alva/validation';
import { toPerson } from '../accounts/person.ts';
import { type Notify } from '../mail/notifier.ts';
import { secondFactorResetEmail } from '../mfa/second-factor.email.ts';
import { type AnnounceEnds } from '../sessions/announcer.ts';
import { type Sessions } from '../sessions/sessions.service.ts';
import { type Stores } from '../stores.ts';
import { type Caller } from '../tokens/guards.ts';
import { type Actor, type Standing, type UserRow } from './users.store.ts';

export interface UserAdministrationOptions {
  readonly stores: Pick<Stores, 'adminUsers' | 'atomically'>;
  readonly sessions: Pick<Sessions, 'list'>;
  readonly announceEnds: AnnounceEnds;
  readonly notify: Notify;
  readonly signInUrl: string;
}

export type UserAdministration = ReturnType<typeof createUserAdministration>;

export function createUserAdministration(options: UserAdministrationOptions) {
  const { stores, sessions, announceEnds, notify, signInUrl } = options;

  async function list({ search, disabled, role, ...query }: AdminUsersQuery): Promise<Page<AdminUser>> {
    const whom = identifier.safeParse(search).success ? { id: search } : { prefix: search };
    const filter = { ...whom, role, disabled: disabled === undefined ? undefined : disabled === 'true' };
    const { items, nextCursor } = await readPage(query, (slice) => stores.adminUsers.list(filter, slice));
    return { items: items.map(toUser), nextCursor };
  }

  async function get(id: string): Promise<AdminUserDetail> {
    const user = await stores.adminUsers.find(id);
    if (!user) throw new ProblemError('not-found');
    return { ...toUser(user), liveSessions: user.liveSessions };
  }

  /** Answers when everyone who verifies tokens was told of the sessions that ended by it. */
  async function change(id: string, { disabled, roles }: ChangeUserBody, actor: Actor): Promise<AdminUserDetail> {
    const wanted = { disabled, roles: roles && allRoles.filter((role) => roles.includes(role)) };
    const keepsRights = disabled !== true && (roles?.includes('admin') ?? true);
    const ended = await stores.atomically(async ({ adminUsers }) => {
      const { actor: asking, user } = await adminUsers.lock(actor.id, id);
      // Whoever lost the role while asking has lost it. As nobody takes their own, at least one administrator remains.
      if (!asking || !isAdmin(asking)) throw new ProblemError('forbidden');
      if (!user) throw new ProblemError('not-found');
      if (user.id === asking.id && !keepsRights) throw new ProblemError('self-lockout');
      return adminUsers.change(id, wanted, actor);
    });
    await announceEnds(ended);
    return get(id);
  }

  async function listSessions(id: string, query: PageQuery, { sessionId }: Caller): Promise<Page<Session>> {
    await get(id);
    return readPage(query, (slice) => sessions.list({ person: { id }, sessionId }, slice));
  }

  async function endSessions(id: string, actor: Actor): Promise<void> {
    await get(id);
    await announceEnds(await stores.adminUsers.endSessions(id, undefined, actor));
  }

  async function endSession(id: string, sessionId: string, actor: Actor): Promise<void> {
    const ended = await stores.adminUsers.endSessions(id, sessionId, actor);
    if (ended.length === 0) throw new ProblemError('not-found');
    await announceEnds(ended);
  }

  /** For somebody who has lost phone and recovery codes: one factor is enough again, and they are told. All their sessions end. */
  async function resetSecondFactor(id: string, actor: Actor): Promise<void> {
    const { email } = await get(id);
    const { wasOn, ended } = await stores.atomically(async ({ adminUsers, secondFactors }) => {
      const { actor: asking } = await adminUsers.lock(actor.id, id);
      if (!asking || !isAdmin(asking)) throw new ProblemError('forbidden');
      return secondFactors.reset(id, actor);
    });
    await announceEnds(ended);
    if (wasOn) await notify(secondFactorResetEmail({ to: email, signInUrl }));
  }

  return { list, get, change, listSessions, endSessions, endSession, resetSecondFactor };
}

function isAdmin({ roles, disabled }: Standing): boolean {
  return roles.includes('admin') && !disabled;
}

function toUser({ disabledAt, ...row }: UserRow): AdminUser {
  return { ...toPerson(row), disabledAt: disabledAt === null ? null : new Date(disabledAt).toISOString() };
}
