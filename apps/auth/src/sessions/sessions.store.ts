import { newIdentifier, type RunStatement } from '@alva/database';
import { type AuthenticationMethod, type SessionEndReason } from '@alva/shared-types';
import { type PersonRow } from '../accounts/person.ts';
import { type Requester } from '../http/requester.ts';
import { endByTokenText, judgeText, openText, rotateText, startText } from './sessions.sql.ts';

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
}

/** A link of a chain, oldest first, as far as a retry has to follow it. */
export interface SpentLink {
  readonly hash: Buffer;
  readonly successorSealed: Buffer;
}

export type Verdict =
  | { readonly kind: 'unknown' | 'over' | 'disabled' }
  | { readonly kind: 'hurried'; readonly retryAfter: number }
  | { readonly kind: 'reused'; readonly session: EndedSession; readonly person: PersonRow; readonly ended: boolean }
  | { readonly kind: 'retried'; readonly session: LiveSession; readonly spent: SpentLink[] };

export interface NewSession {
  readonly userId: string;
  readonly amr: AuthenticationMethod[];
  readonly tokenHash: Buffer;
  /** Seconds. */
  readonly idleLifetime: number;
  readonly maximumAge: number;
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
    async start(session: NewSession, { address, userAgent, requestId }: Requester) {
      const [row] = await run<StartedRow>(startText, [
        newIdentifier(),
        session.userId,
        JSON.stringify(session.amr),
        session.tokenHash,
        session.idleLifetime,
        session.maximumAge,
        address,
        userAgent,
        requestId,
      ]);
      if (!row) throw new Error('A new session was not stored');
      return row;
    },

    /** Spends the presented token and stores its successor; undefined when nothing could be spent. */
    async rotate({ presented, successor, successorSealed, idleLifetime }: Rotation): Promise<LiveSession | undefined> {
      const [row] = await run<LiveRow>(rotateText, [presented, successor, successorSealed, idleLifetime]);
      return row && toLiveSession(row);
    },

    /** Why a token could not be spent. One that was stolen, by the look of it, ends its session in the same statement. */
    async judge(presented: Buffer, { address, requestId }: Requester): Promise<Verdict> {
      const [row] = await run<JudgedRow>(judgeText, [presented, address, requestId]);
      if (!row) return { kind: 'unknown' };
      const { kind, sessionId, ended } = row;
      if (kind === 'reused') return { kind, session: { sessionId, userId: row.id }, person: row, ended };
      if (kind === 'hurried') return { kind, retryAfter: row.retryAfter };
      if (kind !== 'retried') return { kind };
      const spent = row.chain.map(({ hash, sealed }) => ({
        hash: Buffer.from(hash, 'hex'),
        successorSealed: Buffer.from(sealed, 'hex'),
      }));
      return { kind, session: toLiveSession(row), spent };
    },

    /** Ends the session that a token belongs to, be it current or long spent. */
    async endByToken(token: Buffer, reason: SessionEndReason, { address, requestId }: Requester) {
      const [row] = await run<EndedSession>(endByTokenText, [token, reason, address, requestId]);
      return row;
    },

    /** The person, as long as the session is open. */
    async findPerson(sessionId: string): Promise<PersonRow | undefined> {
      const [row] = await run<PersonRow>(openText, [sessionId]);
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

interface LiveRow extends StartedRow, PersonRow {
  readonly amr: AuthenticationMethod[];
}

interface JudgedRow extends LiveRow {
  readonly kind: 'over' | 'disabled' | 'hurried' | 'reused' | 'retried';
  readonly ended: boolean;
  /** Seconds. */
  readonly retryAfter: number;
  readonly chain: { hash: string; sealed: string }[];
}

function toLiveSession({ sessionId, amr, authenticatedAt, endsIn, idleFor, ...person }: LiveRow): LiveSession {
  return { sessionId, amr, authenticatedAt, endsIn, idleFor, person };
}
