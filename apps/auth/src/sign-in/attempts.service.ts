import { ProblemError, rateLimited } from '@alva/service-kit';
import { type ApproveSignInBody, type SignInAttempt } from '@alva/validation';
import { type Requester } from '../http/requester.ts';
import { limitNames } from '../limits.ts';
import { type AuthMetrics } from '../metrics.ts';
import { hashSecret } from '../secrets/secret.ts';
import { type Stores } from '../stores.ts';
import { attemptRefusals } from './attempt-refusals.ts';
import { type Approval, type NumberLimits } from './attempts.store.ts';
import { type Entrance, type SignIn } from './entrance.ts';
import { proveAttempt } from './prove-attempt.ts';

export interface AttemptsOptions {
  readonly stores: Stores;
  readonly entrance: Entrance;
  readonly metrics: AuthMetrics;
  readonly numberLimits: NumberLimits;
}

export type Attempts = ReturnType<typeof createAttempts>;

/**
 * Signing in on another device than the mail is read on. The browser that asked waits and shows a number; the link, opened
 * elsewhere, lets it in by that number. A person who did not ask sees no number, so nobody gets in by having them click.
 */
export function createAttempts({ stores, entrance, metrics, numberLimits }: AttemptsOptions) {
  /** As the browser sees it that asked; changes nothing. Throws `attempt-unknown`. */
  async function look(attemptId: string, browserSecret: string | undefined): Promise<SignInAttempt> {
    const attempt = await stores.attempts.find(waitingBrowser(attemptId, browserSecret));
    if (!attempt) throw new ProblemError('attempt-unknown');
    return attempt.state === 'expired' ? { ...attempt, expiresIn: 0 } : attempt;
  }

  /** Lets the waiting browser in. Throws `number-invalid`, `rate-limited`, or what the link is refused with. */
  async function approve(attemptId: string, { token, number }: ApproveSignInBody, requester: Requester): Promise<void> {
    const approval = { attemptId, tokenHash: hashSecret(token), number };
    const tried = await stores.attempts.approve(approval, numberLimits, requester);
    const refusal = tried === undefined ? await approvalRefusal(approval, requester) : wrongNumber(tried.isRight);
    metrics.countApproval(refusal ? 'refused' : 'approved');
    if (refusal) throw refusal;
  }

  async function approvalRefusal(approval: Approval, requester: Requester): Promise<ProblemError | undefined> {
    const found = await stores.attempts.refuseApproval(approval, requester);
    if (!found) return new ProblemError('link-invalid');
    if (found.repeated) return undefined;
    if (found.state !== 'live') return new ProblemError(attemptRefusals[found.state]);
    const { perAttempt, perRecipient } = numberLimits;
    const reached =
      found.tries >= perAttempt
        ? { limit: limitNames.numbersByAttempt, max: perAttempt, resetsIn: found.expiresIn }
        : { limit: limitNames.numbersByRecipient, max: perRecipient.max, resetsIn: found.limitResetsIn ?? 1 };
    return rateLimited(
      reached,
      'The number was wrong too often. Sign in here, or type the code of the mail in the other browser.',
    );
  }

  /** Signs the waiting browser in, once. Throws `attempt-pending` until it is approved, and what the link is refused with. */
  async function complete(attemptId: string, browserSecret: string | undefined, requester: Requester): Promise<SignIn> {
    const browser = waitingBrowser(attemptId, browserSecret);
    return entrance.observe('approval', requester, async () => {
      const signIn = await entrance.enter(['email'], requester, async (inside) => {
        const redeemed = await inside.attempts.complete(browser);
        return redeemed && proveAttempt(inside, redeemed, browser.browserHash, requester);
      });
      if (signIn) return signIn;
      const state = await stores.attempts.refuseCompletion(browser, requester);
      if (!state) throw new ProblemError('attempt-unknown');
      throw new ProblemError(state === 'live' ? 'attempt-pending' : attemptRefusals[state]);
    });
  }

  return { look, approve, complete };
}

function waitingBrowser(attemptId: string, browserSecret: string | undefined) {
  if (browserSecret === undefined) throw new ProblemError('attempt-unknown');
  return { attemptId, browserHash: hashSecret(browserSecret) };
}

function wrongNumber(isRight: boolean): ProblemError | undefined {
  return isRight ? undefined : new ProblemError('number-invalid');
}
