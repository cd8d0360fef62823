import { ProblemError, rateLimited, type Identifiers, type Slice } from '@alva/service-kit';
import { type AuthenticationMethod } from '@alva/shared-types';
import { type Session, type TokenAnswer } from '@alva/validation';
import { type FastifyBaseLogger } from 'fastify';
import { toPerson, type PersonRow } from '../accounts/person.ts';
import { type CountryOf } from '../http/countries.ts';
import { describeDevice, type Requester } from '../http/requester.ts';
import { limitNames } from '../limits.ts';
import { type Mailer } from '../mail/mailer.ts';
import { type AuthMetrics } from '../metrics.ts';
import { hashSecret, isSecret, newSecret } from '../secrets/secret.ts';
import { type AccessTokens } from '../tokens/access-token.ts';
import { type Caller } from '../tokens/guards.ts';
import { type AnnounceEnds } from './announcer.ts';
import { reuseAlarmEmail } from './reuse-alarm.email.ts';
import { mostLinks } from './sessions.sql.ts';
import {
  type EndedSession,
  type LiveSession,
  type SessionsStore,
  type Verdict,
  type Whereabouts,
} from './sessions.store.ts';
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

/** One factor was shown and another is owed before there is a session. */
export interface SecondFactorOwed {
  readonly kind: 'second-factor-owed';
  /** For the cookie of the browser that goes on from here. */
  readonly challenge: string;
  /** Seconds. */
  readonly expiresIn: number;
}

export interface StartedSession extends LiveSession {
  readonly kind: 'started';
  readonly refreshToken: string;
  /** Of somebody who has signed in before, but never like this: worth a mail. */
  readonly newDevice: boolean;
}

export type Sessions = ReturnType<typeof createSessions>;

export interface SessionsOptions {
  readonly store: SessionsStore;
  readonly accessTokens: AccessTokens;
  readonly announceEnds: AnnounceEnds;
  readonly countryOf: CountryOf;
  readonly mailer: Mailer;
  readonly metrics: AuthMetrics;
  readonly log: FastifyBaseLogger;
  /** Seconds. */
  readonly idleLifetime: number;
  readonly maximumAge: number;
  readonly signInUrl: string;
}

/** Seconds in which the second factor has to be shown. */
const challengeLifetime = 600;

/** An alarm is worth reading for a day; after that the audit trail is the place to look. */
const alarmLifetime = 86_400;

export function createSessions(options: SessionsOptions) {
  const { store, accessTokens, announceEnds, countryOf, mailer, metrics, log, idleLifetime, maximumAge } = options;

  const locate = (requester: Requester): Whereabouts => ({ ...requester, country: countryOf(requester.address) });

  /**
   * The one place where a session begins, unless the person owes a second factor. `into` is the transaction of the way in
   * that it belongs to, which holds the account's row: second factors cannot come or go meanwhile.
   */
  async function start(
    into: SessionsStore,
    person: PersonRow,
    amr: AuthenticationMethod[],
    requester: Requester,
    redirectTo: string | null,
  ): Promise<StartedSession | SecondFactorOwed> {
    const [refreshToken, challenge] = [newSecret(), newSecret()];
    const [tokenHash, challengeHash] = [hashSecret(refreshToken), hashSecret(challenge)];
    const device = describeDevice(requester.userAgent);
    const lifetimes = { idleLifetime, maximumAge, challengeLifetime };
    const session = { userId: person.id, amr, device, tokenHash, challengeHash, redirectTo, ...lifetimes };
    const row = await into.start(session, locate(requester));
    if (!row) return { kind: 'second-factor-owed', challenge, expiresIn: challengeLifetime };
    return { kind: 'started', ...row, person, amr, refreshToken };
  }

  /** Throws `keys-unavailable` where no token could be signed: before a link is spent, or a token rotated, for nothing. */
  function prepareGrant() {
    const issue = accessTokens.prepare();
    return function grant(session: LiveSession, refreshToken: string): Grant {
      const { sessionId, person, amr, authenticatedAt, endsIn, idleFor } = session;
      const { id: userId, email, roles } = person;
      const token = issue({ userId, sessionId, email, roles, amr, authenticatedAt, endsIn });
      const answer = { ...token, tokenType: 'Bearer' as const, user: toPerson(person) };
      return { answer, refreshToken, idleFor, identifiers: { sid: sessionId, sub: userId } };
    };
  }

  async function refresh(token: string | undefined, requester: Requester): Promise<Grant> {
    if (token === undefined) throw new ProblemError('refresh-token-missing');
    if (!isSecret(token)) throw new ProblemError('refresh-token-invalid');
    const grant = prepareGrant();
    const presented = hashSecret(token);
    const refreshToken = newSecret();
    const successorSealed = sealSuccessor(token, presented, refreshToken);
    const session = await store.rotate(
      { presented, successor: hashSecret(refreshToken), successorSealed, idleLifetime },
      locate(requester),
    );
    if (session) {
      metrics.countRefresh('rotated');
      return grant(session, refreshToken);
    }
    const verdict = await store.judge(presented, requester);
    metrics.countRefresh(verdict.kind);
    if (verdict.kind === 'retried') return grant(verdict.session, followChain(token, verdict.spent));
    if (verdict.kind === 'hurried') {
      throw rateLimited(
        { limit: limitNames.renewals, max: mostLinks, resetsIn: verdict.retryAfter },
        'This session was renewed very often just now. It goes on: wait.',
        verdict.owner,
      );
    }
    await noticeReuse(verdict);
    throw new ProblemError(refusals[verdict.kind], { logged: whatIsKnown(verdict) });
  }

  /** The session is over already, by commit; whatever fails from here on must not hide that. */
  async function raiseAlarm({ session, person, ended }: Extract<Verdict, { kind: 'reused' }>): Promise<void> {
    if (!ended) return;
    log.warn({ sid: session.sessionId, sub: session.userId }, 'a spent refresh token came back, session ended');
    const mail = reuseAlarmEmail({ to: person.email, signInUrl: options.signInUrl });
    await Promise.all([
      announceEnds([session]),
      mailer
        .send(session.sessionId, mail, { lifetime: alarmLifetime })
        .catch((err: unknown) => log.error({ err }, 'the alarm about a reused token could not be mailed')),
    ]);
  }

  /** Nothing to sign out of is no error: what was asked for is the case. */
  const signOut = (token: string | undefined, requester: Requester) => endBy(token, store.signOut, requester);
  const signOutEverywhere = (token: string | undefined, requester: Requester) =>
    endBy(token, store.signOutEverywhere, requester);

  async function endBy(
    token: string | undefined,
    end: (hash: Buffer, requester: Requester) => Promise<EndedSession[]>,
    requester: Requester,
  ): Promise<void> {
    if (token === undefined || !isSecret(token)) return;
    const presented = hashSecret(token);
    const ended = await end(presented, requester);
    if (ended.length > 0) await announceEnds(ended);
    // A link that was replaced long ago is a theft wherever it is shown, and ends its session for cause.
    else await noticeReuse(await store.judge(presented, requester));
  }

  async function noticeReuse(verdict: Verdict): Promise<void> {
    if (verdict.kind === 'reused') await raiseAlarm(verdict);
  }

  /** The caller's open sessions, newest first. */
  async function list(
    { person, sessionId }: { person: Pick<PersonRow, 'id'>; sessionId: string },
    slice: Slice,
  ): Promise<Session[]> {
    const rows = await store.list(person.id, slice);
    return rows.map(({ userAgent, createdAt, lastSeenAt, expiresAt, ...row }) => ({
      ...row,
      current: row.id === sessionId,
      device: describeDevice(userAgent),
      createdAt: new Date(createdAt).toISOString(),
      lastSeenAt: new Date(lastSeenAt).toISOString(),
      expiresAt: new Date(expiresAt).toISOString(),
    }));
  }

  /** Ends one of the caller's sessions. Throws `not-found` when there is no such open one, whoever's it is. */
  async function end({ person, sessionId: asking }: Caller, sessionId: string, requester: Requester): Promise<void> {
    const ended = await store.end({ userId: person.id, asking, sessionId }, requester);
    if (ended.length === 0) throw new ProblemError('not-found');
    await announceEnds(ended);
  }

  async function endOthers({ person, sessionId: asking }: Caller, requester: Requester): Promise<void> {
    await announceEnds(await store.end({ userId: person.id, asking }, requester));
  }

  return { start, prepareGrant, refresh, signOut, signOutEverywhere, list, end, endOthers };
}

/** The answer tells the sender of a dead token next to nothing; whoever is asked why somebody was signed out needs more. */
function whatIsKnown(verdict: Verdict): Identifiers {
  if (verdict.kind === 'unknown') return { outcome: 'unknown' };
  const { kind: outcome, owner } = verdict;
  return { outcome, ...owner, ...(outcome === 'over' ? { reason: verdict.reason } : {}) };
}

const refusals = {
  unknown: 'refresh-token-invalid',
  over: 'refresh-token-invalid',
  expired: 'refresh-token-invalid',
  disabled: 'account-disabled',
  reused: 'refresh-token-reused',
} as const;
