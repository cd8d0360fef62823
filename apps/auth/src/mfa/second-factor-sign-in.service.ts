import { ProblemError, rateLimited } from '@alva/service-kit';
import { type AuthenticationMethod } from '@alva/shared-types';
import { type VerifySecondFactorBody } from '@alva/validation';
import { describeDevice, type Requester } from '../http/requester.ts';
import { limitNames } from '../limits.ts';
import { type Notify } from '../mail/notifier.ts';
import { hashSecret } from '../secrets/secret.ts';
import { type Entrance, type SignIn } from '../sign-in/entrance.ts';
import { type Stores } from '../stores.ts';
import { type SecondFactorCodes } from './second-factor-codes.ts';
import { codesGuessedEmail, recoveryCodeUsedEmail } from './second-factor.email.ts';
import { type ChallengeRow } from './second-factors.store.ts';

export interface SecondFactorSignInOptions {
  readonly stores: Stores;
  readonly entrance: Entrance;
  readonly codes: SecondFactorCodes;
  readonly notify: Notify;
  readonly securityUrl: string;
}

export type SecondFactorSignIn = ReturnType<typeof createSecondFactorSignIn>;

/** The second half of a sign-in: whoever has shown one factor, and was given a challenge for it, shows the other. */
export function createSecondFactorSignIn(options: SecondFactorSignInOptions) {
  const { stores, entrance, codes, notify, securityUrl } = options;

  /**
   * Spends the code and the challenge for a session. Throws `challenge-unknown` where there is none to answer (any more),
   * `code-invalid`, and `rate-limited` when it, or the person, has had enough wrong ones.
   */
  async function verify(
    body: VerifySecondFactorBody,
    secret: string | undefined,
    requester: Requester,
  ): Promise<SignIn> {
    return 'code' in body
      ? entrance.observe('totp', requester, () => verifyCode(body.code, secret, requester))
      : entrance.observe('recovery-code', requester, () => verifyRecoveryCode(body.recoveryCode, secret, requester));
  }

  async function verifyCode(code: string, secret: string | undefined, requester: Requester) {
    const guessed = { fills: false, email: '', userId: '' };
    try {
      return await answer(secret, requester, async (inside, { id: challengeId, userId }, email) => {
        const { isRight, fills } = await codes.useCode(inside, { userId, challengeId }, code);
        Object.assign(guessed, { fills, email, userId });
        return isRight;
      });
    } finally {
      const device = describeDevice(requester.userAgent);
      const { fills, email, userId } = guessed;
      if (fills)
        await notify(codesGuessedEmail({ to: email, at: 'sign-in', device, securityUrl }), {
          userId,
          requestId: requester.requestId,
        });
    }
  }

  async function verifyRecoveryCode(code: string, secret: string | undefined, requester: Requester) {
    const used = { left: 0, email: '', userId: '' };
    const signIn = await answer(secret, requester, async (inside, { id: challengeId, userId }, email) => {
      const left = await codes.useRecoveryCode(inside, { userId, challengeId }, code, requester);
      if (left !== undefined) Object.assign(used, { left, email, userId });
      return left !== undefined;
    });
    const device = describeDevice(requester.userAgent);
    const { userId, email, left } = used;
    await notify(recoveryCodeUsedEmail({ to: email, left, device, securityUrl }), {
      userId,
      requestId: requester.requestId,
    });
    return signIn;
  }

  async function answer(
    secret: string | undefined,
    requester: Requester,
    isRight: (
      inside: Parameters<Parameters<Stores['atomically']>[0]>[0],
      challenge: ChallengeRow,
      email: string,
    ) => Promise<boolean>,
  ): Promise<SignIn> {
    const challenge = secret && (await stores.secondFactors.findChallenge(hashSecret(secret), codes.perChallenge));
    if (!challenge) throw new ProblemError('challenge-unknown');
    if (challenge.exhausted) {
      throw rateLimited(
        { limit: limitNames.secondFactorsByChallenge, max: codes.perChallenge, resetsIn: challenge.expiresIn },
        'Too many wrong codes. Start again with your first factor.',
      );
    }
    const { userId, redirectTo } = challenge;
    const amr: AuthenticationMethod[] = [...challenge.amr, 'otp', 'mfa'];
    const signIn = await entrance.enter(amr, requester, async (inside) => {
      const account = await inside.users.lock(userId);
      if (!account || !(await isRight(inside, challenge, account.person.email))) return undefined;
      return { account, redirectTo };
    });
    if (signIn) return signIn;
    await stores.audit.insert(
      { event: 'sign-in-refused', userId, detail: { way: 'second-factor', reason: 'code-invalid' } },
      requester,
    );
    throw new ProblemError('code-invalid');
  }

  return { verify };
}
