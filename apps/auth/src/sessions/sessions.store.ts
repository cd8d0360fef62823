import { newIdentifier, type RunStatement } from '@alva/database';
import { type Slice } from '@alva/service-kit';
import { type AuthenticationMethod, type SessionEndReason } from '@alva/shared-types';
import { type PersonRow } from '../accounts/person.ts';
import { type Requester } from '../http/requester.ts';
import * as texts from './sessions.sql.ts';

/** A session as it is renewed: whose it is, how they signed in, and how long each part of it lasts. */
export interface LiveSession {
  readonly sessionId: string;
  readonly amr: AuthenticationMethod[];
  /** Milliseconds since 1970. */
  readonly authenticatedAt: number;
  /** Seconds until the session's absolute end. */
  readonly endsIn: number;
  /** Seconds until the current refresh token expires. */
  readonly idleFor: number;
  readonly person: PersonRow;
}

export interface EndedSession {
  readonly sessionId: string;
  readonly userId: string;
  readonly reason: SessionEndReason;
}

/** An open session as its list shows it; times are milliseconds since 1970. */
export interface SessionRow {
  readonly id: string;
  readonly amr: AuthenticationMethod[];
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly country: string | null;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
}

/** From where a session is opened or renewed. */
export interface Whereabouts extends Requester {
  readonly country: string | null;
}

/** A link of a chain, oldest first, as far as a retry has to follow it. */
export interface SpentLink {
  readonly hash: Buffer;
  readonly successorSealed: Buffer;
}

export type Verdict = { readonly kind: 'unknown' } | (KnownVerdict & { readonly owner: Owner });

type KnownVerdict =
  | { readonly kind: 'disabled' | 'expired' }
  | { readonly kind: 'over'; readonly reason: SessionEndReason | 'too-old' | 'idle' }
  | { readonly kind: 'hurried'; readonly retryAfter: number }
  | { readonly kind: 'reused'; readonly session: EndedSession; readonly person: PersonRow; readonly ended: boolean }
  | { readonly kind: 'retried'; readonly session: LiveSession; readonly spent: SpentLink[] };

/** The session, and whose it is, as log lines name them. */
interface Owner {
  readonly sid: string;
  readonly sub: string;
}

export interface NewSession {
  readonly userId: string;
  readonly amr: AuthenticationMethod[];
  /** Browser and system as people call them. */
  readonly device: string;
  readonly tokenHash: Buffer;
  /** Of what the browser gets instead of a token when a second factor is owed. */
  readonly challengeHash: Buffer;
  /** Seconds. */
  readonly idleLifetime: number;
  readonly maximumAge: number;
  readonly challengeLifetime: number;
  /** Where the person wanted to go, once they have shown the second factor. */
  readonly redirectTo: string | null;
}

export interface Rotation {
  readonly presented: Buffer;
  readonly successor: Buffer;
  readonly successorSealed: Buffer;
  /** Seconds. */
  readonly idleLifetime: number;
}

export type SessionsStore = ReturnType<typeof createSessionsStore>;

export function createSessionsStore(run: RunStatement) {
  return {
    /** Undefined when the person owes a second factor: then a challenge was stored in place of the session. */
    async start(
      session: NewSession,
      { address, userAgent, requestId, country }: Whereabouts,
    ): Promise<BegunRow | undefined> {
      const [row] = await run<BegunRow>(texts.startText, [
        newIdentifier(),
        session.userId,
        JSON.stringify(session.amr),
        session.tokenHash,
        session.idleLifetime,
        session.maximumAge,
        address,
        userAgent,
        requestId,
        country,
        session.challengeHash,
        session.challengeLifetime,
        session.device,
        session.redirectTo,
      ]);
      return row;
    },

    /** Spends the presented token and stores its successor; undefined when nothing could be spent. */
    async rotate(
      { presented, successor, successorSealed, idleLifetime }: Rotation,
      { address, userAgent, country }: Whereabouts,
    ): Promise<LiveSession | undefined> {
      const parameters = [presented, successor, successorSealed, idleLifetime, address, userAgent, country];
      const [row] = await run<LiveRow>(texts.rotateText, parameters);
      return row && toLiveSession(row);
    },

    /** Why a token could not be spent. One that was stolen, by the look of it, ends its session in the same statement. */
    async judge(presented: Buffer, { address, requestId }: Requester): Promise<Verdict> {
      const [row] = await run<JudgedRow>(texts.judgeText, [presented, address, requestId]);
      if (!row) return { kind: 'unknown' };
      const { kind, sessionId, ended } = row;
      const owner = { sid: sessionId, sub: row.id };
      if (kind === 'reused')
        return { kind, session: { sessionId, userId: row.id, reason: 'reuse-detected' }, person: row, ended, owner };
      if (kind === 'hurried') return { kind, retryAfter: row.retryAfter, owner };
      if (kind === 'over') return { kind, reason: row.reason, owner };
      if (kind !== 'retried') return { kind, owner };
      const spent = row.chain.map(({ hash, sealed }) => ({
        hash: Buffer.from(hash, 'hex'),
        successorSealed: Buffer.from(sealed, 'hex'),
      }));
      return { kind, session: toLiveSession(row), spent, owner };
    },

    /** Ends the session that a token could renew. */
    signOut: (token: Buffer, { address, requestId }: Requester): Promise<EndedSession[]> =>
      run<EndedSession>(texts.signOutText, [token, address, requestId]),

    /** Ends every session of the person whose session the token could renew. */
    signOutEverywhere: (token: Buffer, { address, requestId }: Requester): Promise<EndedSession[]> =>
      run<EndedSession>(texts.signOutEverywhereText, [token, address, requestId]),

    /** Ends one session of this person; without one, all but the `asking` one. */
    async end(
      { userId, asking, sessionId }: { userId: string; asking: string; sessionId?: string },
      { address, requestId }: Requester,
    ): Promise<EndedSession[]> {
      return run<EndedSession>(texts.endText, [userId, asking, sessionId ?? null, address, requestId]);
    },

    /** The open sessions of a person, newest first. */
    async list(userId: string, { before, limit }: Slice): Promise<SessionRow[]> {
      return run<SessionRow>(texts.listText, [userId, before ?? null, limit]);
    },

    /** From now on the session is as fresh as a new one, and was shown by these methods too; undefined when it is over. */
    async stepUp(
      sessionId: string,
      { amr, way }: { amr: readonly AuthenticationMethod[]; way: string },
      { address, requestId }: Requester,
    ): Promise<LiveSession | undefined> {
      const [row] = await run<LiveRow>(texts.stepUpText, [sessionId, JSON.stringify(amr), way, address, requestId]);
      return row && toLiveSession(row);
    },

    /** The person, as long as the session is open. */
    async findPerson(sessionId: string): Promise<PersonRow | undefined> {
      const [row] = await run<PersonRow>(texts.openText, [sessionId]);
      return row;
    },
  };
}

interface StartedRow {
  readonly sessionId: string;
  /** Milliseconds since 1970. */
  readonly authenticatedAt: number;
  readonly endsIn: number;
  readonly idleFor: number;
}

interface BegunRow extends StartedRow {
  /** Somebody who signed in before does so with a device, or from a country, that is new for them. */
  readonly newDevice: boolean;
}

interface LiveRow extends StartedRow, PersonRow {
  readonly amr: AuthenticationMethod[];
}

interface JudgedRow extends LiveRow {
  readonly kind: 'over' | 'disabled' | 'expired' | 'hurried' | 'reused' | 'retried';
  readonly ended: boolean;
  readonly reason: SessionEndReason | 'too-old' | 'idle';
  /** Seconds. */
  readonly retryAfter: number;
  readonly chain: { hash: string; sealed: string }[];
}

function toLiveSession({ sessionId, amr, authenticatedAt, endsIn, idleFor, ...person }: LiveRow): LiveSession {
  return { sessionId, amr, authenticatedAt, endsIn, idleFor, person };
}
