import { ProblemError, type Identifiers } from '@alva/service-kit';
import { type AuthenticationMethod } from '@alva/shared-types';
import { type TokenAnswer } from '@alva/validation';
import { type FastifyBaseLogger } from 'fastify';
import { toPerson, type PersonRow } from '../accounts/person.ts';
import { type Requester } from '../http/requester.ts';
import { tooMany } from '../http/too-many.ts';
import { type Mailer } from '../mail/mailer.ts';
import { type AuthMetrics } from '../metrics.ts';
import { hashSecret, isSecret, newSecret } from '../secrets/secret.ts';
import { type AccessTokens } from '../tokens/access-token.ts';
import { type AnnounceEnd } from './announcer.ts';
import { reuseAlarmEmail } from './reuse-alarm.email.ts';
import { mostLinks } from './sessions.sql.ts';
import { type LiveSession, type SessionsStore, type Verdict } from './sessions.store.ts';
import { followChain, sealSuccessor } from './successor.ts';

/** What a way in, or a renewal, yields. */
export interface Grant {
  readonly answer: TokenAnswer;
  readonly refreshToken: string;
  /** Seconds that the refresh token will wait to be used. */
  readonly idleFor: number;
  /** For the log line of the request. */
  readonly identifiers: Identifiers;
}

export type Sessions = ReturnType<typeof createSessions>;

export interface SessionsOptions {
  readonly store: SessionsStore;
  readonly accessTokens: AccessTokens;
  readonly announceEnd: AnnounceEnd;
  readonly mailer: Mailer;
  readonly metrics: AuthMetrics;
  readonly log: FastifyBaseLogger;
  /** Seconds. */
  readonly idleLifetime: number;
  readonly maximumAge: number;
  readonly signInUrl: string;
}

/** An alarm is worth reading for a day; after that the audit trail is the place to look. */
const alarmLifetime = 86_400;

export function createSessions(options: SessionsOptions) {
  const { store, accessTokens, announceEnd, mailer, metrics, log, idleLifetime, maximumAge } = options;

  /** The one place where a session begins. `into` is the transaction of the way in that it belongs to. */
  async function start(into: SessionsStore, person: PersonRow, amr: AuthenticationMethod[], requester: Requester) {
    const refreshToken = newSecret();
    const session = { userId: person.id, amr, tokenHash: hashSecret(refreshToken), idleLifetime, maximumAge };
    return { ...(await into.start(session, requester)), person, amr, refreshToken };
  }

  function grant(session: LiveSession, refreshToken: string): Grant {
    const { sessionId, person, amr, authenticatedAt, endsIn, idleFor } = session;
    const { id: userId, email, roles } = person;
    const token = accessTokens.issue({ userId, sessionId, email, roles, amr, authenticatedAt, endsIn });
    const answer = { ...token, tokenType: 'Bearer' as const, user: toPerson(person) };
    return { answer, refreshToken, idleFor, identifiers: { sid: sessionId, sub: userId } };
  }

  async function refresh(token: string | undefined, requester: Requester): Promise<Grant> {
    if (token === undefined) throw new ProblemError('refresh-token-missing');
    if (!isSecret(token)) throw new ProblemError('refresh-token-invalid');
    const presented = hashSecret(token);
    const refreshToken = newSecret();
    const session = await store.rotate({
      presented,
      successor: hashSecret(refreshToken),
      successorSealed: sealSuccessor(token, presented, refreshToken),
      idleLifetime,
    });
    if (session) {
      metrics.countRefresh('rotated');
      return grant(session, refreshToken);
    }
    const verdict = await store.judge(presented, requester);
    metrics.countRefresh(verdict.kind);
    if (verdict.kind === 'retried') return grant(verdict.session, followChain(token, verdict.spent));
    if (verdict.kind === 'hurried') {
      throw tooMany(verdict.retryAfter, mostLinks, 'This session was renewed very often just now. It goes on: wait.');
    }
    if (verdict.kind === 'reused') await raiseAlarm(verdict);
    throw new ProblemError(refusals[verdict.kind]);
  }

  /** The session is over already, by commit; whatever fails from here on must not hide that. */
  async function raiseAlarm({ session, person, ended }: Extract<Verdict, { kind: 'reused' }>): Promise<void> {
    if (!ended) return;
    log.warn({ sid: session.sessionId, sub: session.userId }, 'a spent refresh token came back, session ended');
    const mail = reuseAlarmEmail({ to: person.email, signInUrl: options.signInUrl });
    await Promise.all([
      announceEnd(session, 'reuse-detected'),
      mailer
        .send(session.sessionId, mail, { lifetime: alarmLifetime })
        .catch((err: unknown) => log.error({ err }, 'the alarm about a reused token could not be mailed')),
    ]);
  }

  /** Nothing to sign out of is no error: what was asked for is the case. */
  async function signOut(token: string | undefined, requester: Requester): Promise<void> {
    if (token === undefined || !isSecret(token)) return;
    const ended = await store.endByToken(hashSecret(token), 'signed-out', requester);
    if (ended) await announceEnd(ended, 'signed-out');
  }

  return { start, grant, refresh, signOut };
}

const refusals = {
  unknown: 'refresh-token-invalid',
  over: 'refresh-token-invalid',
  disabled: 'account-disabled',
  reused: 'refresh-token-reused',
} as const;
