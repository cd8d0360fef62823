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
import { type EndedSession } from '../sessions/sessions.store.ts';
import { type Stores, type StoresInside } from '../stores.ts';
import { type Caller } from '../tokens/guards.ts';
import { requireOpen } from '../tokens/lock-caller.ts';
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
    const ended = await stores.atomically(async (inside) => {
      const user = await lock(inside, id, actor);
      if (!user) throw new ProblemError('not-found');
      // As nobody takes their own role, at least one administrator remains.
      if (user.id === actor.id && !keepsRights) throw new ProblemError('self-lockout');
      return inside.adminUsers.change(id, wanted, actor);
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
    await announceEnds(await end(id, undefined, actor));
  }

  async function endSession(id: string, sessionId: string, actor: Actor): Promise<void> {
    const ended = await end(id, sessionId, actor);
    if (ended.length === 0) throw new ProblemError('not-found');
    await announceEnds(ended);
  }

  function end(id: string, sessionId: string | undefined, actor: Actor): Promise<EndedSession[]> {
    return stores.atomically(async (inside) => {
      await lock(inside, id, actor);
      return inside.adminUsers.endSessions(id, sessionId, actor);
    });
  }

  /** For somebody who has lost phone and recovery codes: one factor is enough again, and they are told. All their sessions end. */
  async function resetSecondFactor(id: string, actor: Actor): Promise<void> {
    const { email } = await get(id);
    const { wasOn, ended } = await stores.atomically(async (inside) => {
      await lock(inside, id, actor);
      return inside.secondFactors.reset(id, actor);
    });
    await announceEnds(ended);
    if (wasOn)
      await notify(secondFactorResetEmail({ to: email, signInUrl }), { userId: id, requestId: actor.requestId });
  }

  return { list, get, change, listSessions, endSessions, endSession, resetSecondFactor };
}

/** Locks both. Whoever lost the role, or their session, while they waited has lost it: `forbidden`, `invalid-token`. */
async function lock(
  inside: StoresInside,
  id: string,
  { id: actorId, sessionId }: Actor,
): Promise<Standing | undefined> {
  const { actor, user } = await inside.adminUsers.lock(actorId, id);
  await requireOpen(inside, sessionId);
  if (!actor || !isAdmin(actor)) throw new ProblemError('forbidden');
  return user;
}

function isAdmin({ roles, disabled }: Standing): boolean {
  return roles.includes('admin') && !disabled;
}

function toUser({ disabledAt, ...row }: UserRow): AdminUser {
  return { ...toPerson(row), disabledAt: disabledAt === null ? null : new Date(disabledAt).toISOString() };
}
