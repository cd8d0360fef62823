import { ProblemError, rateLimited } from '@alva/service-kit';
import { type FastifyBaseLogger } from 'fastify';
import { type Requester } from '../http/requester.ts';
import { limitNames } from '../limits.ts';
import { type AuthMetrics } from '../metrics.ts';
import { type StoresInside } from '../stores.ts';
import { hashRecoveryCode } from './recovery-codes.ts';
import { type CodeLimits, type JudgedCode } from './second-factors.store.ts';
import { findStep } from './totp.ts';
import { type TotpSeal } from './totp-seal.ts';

export interface SecondFactorCodesOptions {
  readonly totpSeal: TotpSeal;
  readonly limits: { readonly perChallenge: number; readonly perAccount: CodeLimits };
  readonly metrics: Pick<AuthMetrics, 'countUnreadableSecret'>;
  readonly log: Pick<FastifyBaseLogger, 'error'>;
  readonly now: () => number;
}

/** For what a code is tried: to sign in by a challenge, or once more in a session. */
export interface CodePurpose {
  readonly userId: string;
  readonly challengeId?: string;
  readonly sessionId?: string;
}

export type SecondFactorCodes = ReturnType<typeof createSecondFactorCodes>;

/** Judges and spends codes within the transaction of whoever asks, which holds the account's row. */
export function createSecondFactorCodes({ totpSeal, limits, metrics, log, now }: SecondFactorCodesOptions) {
  const { perChallenge, perAccount } = limits;

  /** The step of a right code, null for a wrong one; undefined where nobody can tell any more. */
  function judge(userId: string, secretSealed: Buffer, code: string): number | null | undefined {
    const secret = totpSeal.open(userId, secretSealed);
    if (secret) return findStep(secret, code, now());
    metrics.countUnreadableSecret();
    log.error({ sub: userId }, 'an authenticator secret is sealed under another KEY_ENCRYPTION_KEY');
    return undefined;
  }

  return {
    perChallenge,
    judge,

    /**
     * Whether the code was right; it is spent then, and its step with it (RFC 6238, section 5.2). Throws `rate-limited` when
     * this person has had enough wrong ones for now: recovery codes and passkeys get them in all the same. In a session it is
     * counted by that session, so that nobody outside of it uses up its tries. Throws `code-invalid`, or `step-up-failed` in a
     * session, where nobody can tell any more.
     */
    async useCode(
      { secondFactors }: StoresInside,
      { userId, challengeId, sessionId }: CodePurpose,
      code: string,
    ): Promise<JudgedCode> {
      const factor = await secondFactors.find(userId);
      if (!factor || factor.confirmedAt === null) return { isRight: false, fills: false };
      const step = judge(userId, factor.secretSealed, code);
      if (step === undefined) {
        const detail = 'Codes of your authenticator app cannot be checked any more. Use a recovery code or a passkey.';
        // A session is not over because of that, as 401 would say.
        throw new ProblemError(challengeId === undefined ? 'step-up-failed' : 'code-invalid', { detail });
      }
      const challenge = challengeId === undefined ? {} : { challengeId };
      const countedAs = sessionId ?? userId;
      const judged = await secondFactors.useCode({ userId, step, countedAs, ...challenge }, perAccount, perChallenge);
      if (judged) return judged;
      const { isLong, resetsIn } = await secondFactors.findLimit(countedAs, perAccount);
      throw rateLimited(
        {
          limit: isLong ? limitNames.secondFactorsByAccountLong : limitNames.secondFactorsByAccount,
          max: (isLong ? perAccount.long : perAccount.short).max,
          resetsIn,
        },
        'Too many wrong codes. Wait, or use a recovery code or a passkey.',
      );
    },

    /** How many are left now that this one is spent; undefined when it was not right. Too many to be guessed, so not counted by account. */
    async useRecoveryCode({ secondFactors }: StoresInside, purpose: CodePurpose, code: string, requester: Requester) {
      const codeHash = hashRecoveryCode(purpose.userId, code);
      const used = await secondFactors.useRecoveryCode({ ...purpose, codeHash }, perChallenge, requester);
      return used?.isRight ? used.left : undefined;
    },
  };
}
