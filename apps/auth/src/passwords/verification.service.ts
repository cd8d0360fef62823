import { ProblemError, rateLimited } from '@alva/service-kit';
import { type VerifyEmailBody } from '@alva/validation';
import { type Cookie } from '../http/cookies.ts';
import { describeDevice, type Requester } from '../http/requester.ts';
import { limitNames } from '../limits.ts';
import { type Mailer } from '../mail/mailer.ts';
import { tokenRefusals } from '../one-time-tokens/refusals.ts';
import { hashSecret, newSecret } from '../secrets/secret.ts';
import { type Entrance, type SignIn } from '../sign-in/entrance.ts';
import { type Limit } from '../sign-in/magic-links.store.ts';
import { type Stores } from '../stores.ts';
import { verifyEmailEmail } from './verify-email.email.ts';

export interface VerificationOptions {
  readonly stores: Stores;
  readonly entrance: Entrance;
  readonly mailer: Mailer;
  readonly browserCookie: Cookie;
  readonly webUrl: string;
  readonly recipientLimit: Limit;
}

/** Seconds. */
const lifetime = 900;

export type Verification = ReturnType<typeof createVerification>;

/**
 * Accounts whose address nobody has proven come from imports and from providers that do not vouch for one. Their password may be
 * right and is not enough: the link in the mail says that the mailbox is the same person's.
 */
export function createVerification({
  stores,
  entrance,
  mailer,
  browserCookie,
  webUrl,
  recipientLimit,
}: VerificationOptions) {
  /** Mails the link, and resolves with what to refuse the sign-in with: it makes this browser the one that showed the password. */
  async function ask(
    { userId, email }: { userId: string; email: string },
    requester: Requester,
  ): Promise<ProblemError> {
    const [token, browserSecret] = [newSecret(), newSecret()];
    const [tokenHash, browserHash] = [hashSecret(token), hashSecret(browserSecret)];
    const asked = { userId, email, tokenHash, browserHash, lifetime };
    const id = await stores.passwords.askForVerification(asked, recipientLimit, requester);
    if (id === undefined) {
      const { max } = recipientLimit;
      const resetsIn = await stores.magicLinks.findLinkLimit(email);
      return rateLimited(
        { limit: limitNames.linksByRecipient, max, resetsIn },
        'This address was sent several mails just now. Use the newest one, or wait.',
      );
    }
    const link = `${webUrl}/sign-in/confirm#token=${token}`;
    const device = describeDevice(requester.userAgent);
    await mailer.send(id, verifyEmailEmail({ to: email, link, lifetimeMinutes: lifetime / 60, device }), { lifetime });
    return new ProblemError('email-unverified', {
      detail: 'A link was mailed to you. Open it in this browser to confirm that the address is yours.',
      headers: { 'set-cookie': browserCookie.write(browserSecret, lifetime) },
      extensions: { expiresIn: lifetime },
    });
  }

  /** In another browser the link asks first, and then the password goes: whoever set it has not shown that they read the mail. */
  async function redeem(
    { token, confirm }: VerifyEmailBody,
    browserSecret: string | undefined,
    requester: Requester,
  ): Promise<SignIn> {
    const browserHash = browserSecret === undefined ? null : hashSecret(browserSecret);
    const presented = { purpose: 'verify-email', tokenHash: hashSecret(token), browserHash } as const;
    return entrance.observe('verification', requester, async () => {
      const signIn = await entrance.enter(['email'], requester, async (inside) => {
        const spent = await inside.oneTimeTokens.spend(presented, confirm === 'here');
        const account = spent && (await inside.users.verify(spent.userId, spent.email, spent.sameBrowser, requester));
        return account && { account, redirectTo: null };
      });
      if (signIn) return signIn;
      const judged = await stores.oneTimeTokens.judge(presented);
      if (judged?.state === 'live' && !judged.sameBrowser) throw new ProblemError('different-browser');
      throw new ProblemError(judged ? tokenRefusals[judged.state] : 'link-invalid');
    });
  }

  return { ask, redeem };
}
