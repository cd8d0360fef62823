import { ProblemError, rateLimited } from '@alva/service-kit';
import { type ResetPasswordBody } from '@alva/validation';
import { describeDevice, type Requester } from '../http/requester.ts';
import { limitNames } from '../limits.ts';
import { type Mailer } from '../mail/mailer.ts';
import { type Notify } from '../mail/notifier.ts';
import { tokenRefusals } from '../one-time-tokens/refusals.ts';
import { hashSecret, newSecret } from '../secrets/secret.ts';
import { type AnnounceEnds } from '../sessions/announcer.ts';
import { type Limit } from '../sign-in/magic-links.store.ts';
import { type Stores } from '../stores.ts';
import { type Hasher } from './hasher.ts';
import { noAccountEmail, passwordResetEmail } from './password-reset.email.ts';
import { passwordChangedEmail } from './password-changed.email.ts';
import { refuseWeakPassword } from './refuse-weak.ts';

export interface PasswordResetsOptions {
  readonly stores: Stores;
  readonly hasher: Hasher;
  readonly mailer: Mailer;
  readonly announceEnds: AnnounceEnds;
  readonly notify: Notify;
  readonly webUrl: string;
  readonly recipientLimit: Limit;
}

/** Seconds. */
const lifetime = 3_600;

export type PasswordResets = ReturnType<typeof createPasswordResets>;

export function createPasswordResets(options: PasswordResetsOptions) {
  const { stores, hasher, mailer, announceEnds, notify, webUrl, recipientLimit } = options;

  /** Every address is mailed something, so that what is done, and how long it takes, is the same for all. */
  async function ask(email: string, requester: Requester): Promise<{ expiresIn: number }> {
    const token = newSecret();
    const asked = { email, tokenHash: hashSecret(token), lifetime };
    const found = await stores.passwords.askForReset(asked, recipientLimit, requester);
    if (!found) {
      const resetsIn = await stores.passwords.findResetLimit(email);
      throw rateLimited(
        { limit: limitNames.resetsByRecipient, max: recipientLimit.max, resetsIn },
        'This address was sent several mails just now. Use the newest one, or wait.',
      );
    }
    const device = describeDevice(requester.userAgent);
    const mail = found.known
      ? passwordResetEmail({
          to: email,
          link: `${webUrl}/sign-in/reset#token=${token}`,
          lifetimeMinutes: lifetime / 60,
          device,
        })
      : noAccountEmail({ to: email, signInUrl: `${webUrl}/sign-in`, device });
    try {
      await mailer.send(found.id, mail, { lifetime });
    } catch (error) {
      await stores.passwords.withdrawReset(found.id).catch(() => undefined);
      throw error;
    }
    return { expiresIn: lifetime };
  }

  /**
   * Sets the password and ends every session, also of whoever asks: they sign in with it then, and with their second factor where
   * they have one. Throws `link-invalid`, `link-expired`, `link-used`, and `account-disabled`, which leaves the link as it was.
   */
  async function redeem({ token, password }: ResetPasswordBody, requester: Requester): Promise<void> {
    const presented = { purpose: 'reset-password', tokenHash: hashSecret(token), browserHash: null } as const;
    // Nobody has the service hash anything, or learns what it thinks of a password, without a link that is good.
    const judged = await stores.oneTimeTokens.judge(presented);
    if (judged?.state !== 'live') throw new ProblemError(judged ? tokenRefusals[judged.state] : 'link-invalid');
    const owner = judged.userId === null ? undefined : await stores.passwords.findOwner(judged.userId);
    if (!owner) throw new ProblemError('link-invalid');
    refuseWeakPassword(password, owner);
    const hash = await hasher.hash(password);
    const outcome = await stores.atomically(async (inside) => {
      // Before the account is locked, which is the order of every way in: two never wait for each other.
      await inside.passwords.deleteAttempts(owner.email);
      const spent = await inside.oneTimeTokens.spend(presented, true);
      if (!spent) throw new ProblemError('link-used');
      const account = await inside.users.verify(spent.userId, spent.email, false, requester);
      if (!account) throw new ProblemError('link-invalid');
      if (account.disabled) throw new ProblemError('account-disabled');
      const ended = await inside.passwords.set(spent.userId, hash, { keep: null, byLink: true }, requester);
      return { account, ended: [...(account.ended ?? []), ...ended] };
    });
    await announceEnds(outcome.ended);
    const { id: userId, email: to } = outcome.account.person;
    const device = describeDevice(requester.userAgent);
    const mail = passwordChangedEmail({ to, byLink: true, device, forgotUrl: `${webUrl}/sign-in/forgot` });
    await notify(mail, { userId, requestId: requester.requestId });
  }

  return { ask, redeem };
}
