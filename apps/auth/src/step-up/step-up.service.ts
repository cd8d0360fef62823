import { createHmac, randomUUID } from 'node:crypto';
import { ProblemError, rateLimited } from '@alva/service-kit';
import { type AuthenticationMethod } from '@alva/shared-types';
import { type StepUpBody, type StepUpWay, type TokenAnswer } from '@alva/validation';
import { generateAuthenticationOptions } from '@simplewebauthn/server';
import { describeDevice, type Requester } from '../http/requester.ts';
import { limitNames } from '../limits.ts';
import { type Mailer } from '../mail/mailer.ts';
import { type Notify } from '../mail/notifier.ts';
import { type AuthMetrics } from '../metrics.ts';
import { codesGuessedEmail, recoveryCodeUsedEmail } from '../mfa/second-factor.email.ts';
import { type SecondFactorCodes } from '../mfa/second-factor-codes.ts';
import { verifyAssertion, type RelyingParty } from '../passkeys/assertions.ts';
import { type OpenChallenge } from '../passkeys/passkey-challenges.ts';
import { type Login } from '../passwords/login.service.ts';
import { newCode } from '../secrets/secret.ts';
import { type Sessions } from '../sessions/sessions.service.ts';
import { type Stores, type StoresInside } from '../stores.ts';
import { type Caller } from '../tokens/guards.ts';
import { stepUpEmail } from './step-up.email.ts';
import { type Limit } from './step-up-codes.store.ts';

export interface StepUpOptions {
  readonly stores: Stores;
  readonly sessions: Pick<Sessions, 'prepareGrant'>;
  readonly codes: SecondFactorCodes;
  readonly login: Pick<Login, 'check'>;
  readonly relyingParty: RelyingParty;
  readonly metrics: Pick<AuthMetrics, 'countStepUp'>;
  readonly mailer: Mailer;
  readonly notify: Notify;
  /** Hashes mailed codes, which are too short to be hashed without one. */
  readonly codeKey: Uint8Array;
  readonly mailLimit: Limit;
  /** Of a mailed code, which is bound to the session, so only whoever is in it can try. */
  readonly triesPerCode: number;
  readonly securityUrl: string;
}

/** Seconds in which a mailed code is good, and after which another is offered. */
const codeLifetime = 600;
const resendAfter = 30;

/** Spends what was shown, within the transaction that freshens the session; what it showed, or undefined when it is not right. */
type Show = (inside: StoresInside) => Promise<readonly AuthenticationMethod[] | undefined>;

/** What came to light while something was shown. */
interface Used {
  /** Recovery codes that are left. */
  left?: number;
  /** The wrong code was the last that may be tried for long. */
  fills?: boolean;
  /** What was wrong, for the log. */
  reason?: string;
}

export type StepUp = ReturnType<typeof createStepUp>;

/** Somebody who is signed in shows once more who they are, before they change what matters. */
export function createStepUp(options: StepUpOptions) {
  const { stores, sessions, codes, login, relyingParty, metrics, mailer, notify } = options;

  /** What this person can show. Where a second factor is on, a password or a mailed code alone is not enough. */
  async function listWays({ person }: Caller): Promise<StepUpWay[]> {
    const [factor, passkeys, password] = await Promise.all([
      stores.secondFactors.find(person.id),
      stores.passkeys.listCredentials(person.id),
      stores.passwords.find(person.id),
    ]);
    const passkey = passkeys.length > 0 ? (['passkey'] as const) : [];
    if (factor && factor.confirmedAt !== null) return [...passkey, 'code', 'recoveryCode'];
    return [
      ...passkey,
      ...(password ? (['password'] as const) : []),
      ...(person.emailVerified ? (['mailedCode'] as const) : []),
    ];
  }

  /** Throws `forbidden` where a mailed code would not do, and `rate-limited`. */
  async function sendCode(caller: Caller, requester: Requester) {
    const { person, sessionId } = caller;
    if (!(await listWays(caller)).includes('mailedCode')) throw new ProblemError('forbidden', { detail: anotherWay });
    const code = newCode();
    const lifetime = codeLifetime;
    const sent = { sessionId, userId: person.id, codeHash: hashCode(code, sessionId), lifetime };
    if (!(await stores.stepUpCodes.insert(sent, options.mailLimit, requester))) {
      const resetsIn = await stores.stepUpCodes.findLimit(person.id);
      const refusal = { limit: limitNames.stepUpMails, max: options.mailLimit.max, resetsIn };
      throw rateLimited(refusal, 'Several codes were sent just now. Use the newest one, or wait.');
    }
    const device = describeDevice(requester.userAgent);
    const letter = stepUpEmail({ to: person.email, code, lifetimeMinutes: lifetime / 60, device });
    await mailer.send(randomUUID(), letter, { lifetime });
    return { expiresIn: lifetime, resendAfter };
  }

  async function passkeyOptions({ person }: Caller, challenge: Buffer) {
    const credentials = await stores.passkeys.listCredentials(person.id);
    return generateAuthenticationOptions({
      rpID: relyingParty.id,
      challenge: Uint8Array.from(challenge),
      userVerification: 'required',
      timeout: 300_000,
      // The library's words for transports are those of the standard, which grow.
      allowCredentials: credentials.map(({ credentialId, transports }) => ({
        id: credentialId.toString('base64url'),
        transports,
      })),
    });
  }

  /**
   * Answers with an access token whose `auth_time` is now; the refresh token stays. What was shown is spent by the same
   * transaction. Throws `step-up-failed`, and `rate-limited` after too many wrong codes.
   */
  async function stepUp(
    caller: Caller,
    body: StepUpBody,
    challenge: OpenChallenge | undefined,
    requester: Requester,
  ): Promise<TokenAnswer> {
    const { person, sessionId } = caller;
    const way = wayOf(body);
    const grant = sessions.prepareGrant();
    const used: Used = {};
    const show = await toShow(caller, body, challenge, requester, used);
    const session = await stores.atomically(async (inside) => {
      // As the entrance does: second factors cannot come or go meanwhile.
      await inside.users.lock(person.id);
      const factor = await inside.secondFactors.find(person.id);
      if ((way === 'mailedCode' || way === 'password') && factor && factor.confirmedAt !== null)
        throw new ProblemError('step-up-failed', { detail: anotherWay });
      const amr = await show(inside);
      return amr && inside.sessions.stepUp(sessionId, { amr, way }, requester);
    });
    const occasion = { userId: person.id, requestId: requester.requestId };
    const letter = { to: person.email, device: describeDevice(requester.userAgent), securityUrl: options.securityUrl };
    if (!session) {
      const refused = { event: 'step-up-refused', userId: person.id, sessionId, detail: { way } } as const;
      metrics.countStepUp(way, 'refused');
      await stores.audit.insert(refused, requester);
      if (used.fills) await notify(codesGuessedEmail({ ...letter, at: 'session' }), occasion);
      throw new ProblemError('step-up-failed', used.reason === undefined ? {} : { logged: { reason: used.reason } });
    }
    metrics.countStepUp(way, 'succeeded');
    if (used.left !== undefined) await notify(recoveryCodeUsedEmail({ ...letter, left: used.left }), occasion);
    return grant(session, '').answer;
  }

  async function toShow(
    { person, sessionId }: Caller,
    body: StepUpBody,
    challenge: OpenChallenge | undefined,
    requester: Requester,
    used: Used,
  ): Promise<Show> {
    const userId = person.id;
    if ('code' in body) {
      return async (inside) => {
        const { isRight, fills } = await codes.useCode(inside, { userId, sessionId }, body.code);
        used.fills = fills;
        return isRight ? second : undefined;
      };
    }
    if ('recoveryCode' in body) {
      return async (inside) => {
        const left = await codes.useRecoveryCode(inside, { userId, sessionId }, body.recoveryCode, requester);
        if (left === undefined) return undefined;
        used.left = left;
        return second;
      };
    }
    if ('mailedCode' in body) {
      const hash = hashCode(body.mailedCode, sessionId);
      return async ({ stepUpCodes }) =>
        (await stepUpCodes.use(sessionId, hash, options.triesPerCode)) ? ['email'] : undefined;
    }
    if ('password' in body) {
      const isRight = await login.check(person.email, body.password, sessionId);
      return async () => (isRight ? ['pwd'] : undefined);
    }
    const credential = await stores.passkeys.findCredential(Buffer.from(body.passkey.id, 'base64url'));
    if (!challenge || credential?.userId !== userId) return async () => undefined;
    try {
      const verified = await verifyAssertion({ assertion: body.passkey, credential, challenge }, relyingParty);
      return async (inside) => ((await verified.spend(inside)) === null ? ['pop', 'user', 'mfa'] : undefined);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem !== 'passkey-invalid') throw error;
      if (error.logged?.reason !== undefined) used.reason = error.logged.reason;
      return async () => undefined;
    }
  }

  function hashCode(code: string, sessionId: string): Buffer {
    return createHmac('sha256', options.codeKey).update(sessionId).update(code).digest();
  }

  return { listWays, sendCode, passkeyOptions, stepUp };
}

const anotherWay = 'A second factor is on: use a code of your authenticator app, a recovery code or a passkey.';

/** The session was opened by another factor. */
const second = ['otp', 'mfa'] as const;

function wayOf(body: StepUpBody): StepUpWay {
  if ('code' in body) return 'code';
  if ('recoveryCode' in body) return 'recoveryCode';
  if ('password' in body) return 'password';
  return 'mailedCode' in body ? 'mailedCode' : 'passkey';
}
