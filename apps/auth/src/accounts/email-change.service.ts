import { randomUUID } from 'node:crypto';
import { ProblemError, rateLimited } from '@alva/service-kit';
import { type ProblemCode } from '@alva/shared-types';
import { type ChangeEmailAnswer, type EmailChangeProgress } from '@alva/validation';
import { type Requester } from '../http/requester.ts';
import { limitNames } from '../limits.ts';
import { type Mail } from '../mail/mail.ts';
import { type Mailer } from '../mail/mailer.ts';
import { type Notify } from '../mail/notifier.ts';
import { type AuthMetrics } from '../metrics.ts';
import { hashSecret, newSecret } from '../secrets/secret.ts';
import { type AnnounceEnds } from '../sessions/announcer.ts';
import { type Limit } from '../sign-in/magic-links.store.ts';
import { type Stores } from '../stores.ts';
import { type Caller } from '../tokens/guards.ts';
import { allowEmailChangeEmail, confirmEmailEmail, emailTakenEmail } from './email-change.email.ts';
import { emailChangedEmail, emailChangeUndoneEmail } from './email-changed.email.ts';
import { type EmailChangeState } from './email-changes.store.ts';

export interface EmailChangesOptions {
  readonly stores: Stores;
  readonly announceEnds: AnnounceEnds;
  readonly mailer: Mailer;
  readonly metrics: Pick<AuthMetrics, 'countAccountChange'>;
  readonly notify: Notify;
  readonly webUrl: string;
  readonly accountLimit: Limit;
  readonly recipientLimit: Limit;
}

/** Seconds in which both mailboxes have to agree: one of them may be at work. */
const lifetime = 86_400;

/** Seconds in which the old mailbox can take the move back. Longer, and a mailbox that was left for good would still rule. */
const undoLifetime = 3 * 86_400;

export type EmailChanges = ReturnType<typeof createEmailChanges>;

/** Moves an account to another address. See docs/decisions/0020-the-account-itself.md. */
export function createEmailChanges(options: EmailChangesOptions) {
  const { stores, announceEnds, mailer, metrics, notify, webUrl } = options;
  const linkTo = (page: string, token: string) => `${webUrl}/account/${page}#token=${token}`;

  /** Answers the same whether anybody has the new address or not. Throws `rate-limited`. */
  async function ask({ person, sessionId }: Caller, email: string, requester: Requester): Promise<ChangeEmailAnswer> {
    if (email === person.email)
      throw new ProblemError('validation-failed', {
        errors: [{ pointer: '#/email', detail: 'is the address of this account already' }],
      });
    const [oldSecret, newAddressSecret] = [newSecret(), newSecret()];
    const [oldHash, newHash] = [hashSecret(oldSecret), hashSecret(newAddressSecret)];
    const change = { userId: person.id, sessionId, email, oldHash, newHash, lifetime };
    const limits = { account: options.accountLimit, recipient: options.recipientLimit };
    // Queued before the commit: what nobody was told of is not asked for.
    const asked = await stores.atomically(async ({ emailChanges }) => {
      const found = await emailChanges.ask(change, limits, requester);
      if (!found) return false;
      const { id, oldEmail, taken } = found;
      await mailer.send(
        id,
        allowEmailChangeEmail({ to: oldEmail, newEmail: email, link: linkTo('confirm-email', oldSecret) }),
        { lifetime },
      );
      const toNew: Mail = taken
        ? emailTakenEmail({ to: email, signInUrl: `${webUrl}/sign-in` })
        : confirmEmailEmail({ to: email, link: linkTo('confirm-email', newAddressSecret) });
      await mailer.send(randomUUID(), toNew, { lifetime });
      return true;
    });
    if (!asked) throw await limitRefusal(person.id, email);
    metrics.countAccountChange('email-change-asked');
    return { expiresIn: lifetime };
  }

  async function limitRefusal(userId: string, email: string): Promise<ProblemError> {
    const resetsIn = await stores.emailChanges.findLimit(userId, email);
    return rateLimited(
      { limit: limitNames.emailChanges, max: options.accountLimit.max, resetsIn },
      'This was asked for several times just now. Use the newest mails, or wait.',
    );
  }

  /** One mailbox agrees. Throws `link-…`, and `conflict` when somebody else has got the address meanwhile. */
  async function confirm(token: string, requester: Requester): Promise<EmailChangeProgress> {
    const hash = hashSecret(token);
    const undoSecret = newSecret();
    const outcome = await stores.atomically(async ({ emailChanges }) => {
      const change = await emailChanges.confirm(hash, requester);
      if (!change?.oldConfirmed || !change.newConfirmed) return { change, ended: undefined };
      const undo = { hash: hashSecret(undoSecret), lifetime: undoLifetime };
      const ended = await emailChanges.move(change, undo, requester);
      if (!ended) throw new ProblemError('conflict', { detail: 'This address belongs to another account by now.' });
      // Queued before the commit: no account moves without a letter that can take it back.
      const { oldEmail: to, newEmail } = change;
      const link = linkTo('restore-email', undoSecret);
      const letter = emailChangedEmail({ to, newEmail, days: undoLifetime / 86_400, link });
      await mailer.send(randomUUID(), letter, { lifetime: undoLifetime });
      return { change, ended };
    });
    const { change, ended } = outcome;
    if (!change) throw await refusal(hash, 'confirm');
    if (!ended) return { state: change.oldConfirmed ? 'waiting-for-new' : 'waiting-for-old' };
    metrics.countAccountChange('email-changed');
    await announceEnds(ended);
    return { state: 'moved' };
  }

  /** The old mailbox takes the move back, and everybody is signed out. Throws `link-…`, and `conflict`. */
  async function undo(token: string, requester: Requester): Promise<void> {
    const hash = hashSecret(token);
    const undone = await stores.atomically(({ emailChanges }) => emailChanges.undo(hash, requester));
    if (!undone) throw await refusal(hash, 'undo');
    metrics.countAccountChange('email-change-undone');
    const mail = emailChangeUndoneEmail({ to: undone.leftEmail });
    const { userId, ended } = undone;
    await Promise.all([announceEnds(ended), notify(mail, { userId, requestId: requester.requestId })]);
  }

  async function refusal(hash: Buffer, meant: 'confirm' | 'undo'): Promise<ProblemError> {
    const found = await stores.emailChanges.judge(hash);
    if (!found || found.isUndo !== (meant === 'undo')) return new ProblemError('link-invalid');
    return new ProblemError(refusals[found.state]);
  }

  const withdraw = ({ person, sessionId }: Caller, requester: Requester) =>
    stores.emailChanges.withdraw(person.id, sessionId, requester);

  return { ask, confirm, undo, withdraw, findPending: (userId: string) => stores.emailChanges.findPending(userId) };
}

const refusals: Record<EmailChangeState, ProblemCode> = {
  used: 'link-used',
  expired: 'link-expired',
  superseded: 'link-superseded',
  withdrawn: 'link-invalid',
  taken: 'conflict',
};
