import { ProblemError } from '@alva/service-kit';
import { type OneTimeTokenState } from '../one-time-tokens/one-time-tokens.store.ts';
import { type ProblemCode } from '@alva/shared-types';
import { type Requester } from '../http/requester.ts';
import { type Mailer } from '../mail/mailer.ts';
import { type AuthMetrics } from '../metrics.ts';
import { hashSecret, newSecret } from '../secrets/secret.ts';
import { type AnnounceEnds } from '../sessions/announcer.ts';
import { type Stores } from '../stores.ts';
import { type Caller } from '../tokens/guards.ts';
import { deletionAskedEmail } from './deletion.email.ts';

export interface DeletionsOptions {
  readonly stores: Stores;
  readonly announceEnds: AnnounceEnds;
  readonly mailer: Mailer;
  readonly metrics: Pick<AuthMetrics, 'countAccountChange'>;
  readonly webUrl: string;
  /** Seconds. */
  readonly grace: number;
}

export type Deletions = ReturnType<typeof createDeletions>;

/** Asking to be deleted, and changing one's mind. What happens when the time has come is in `deletion-runner.ts`. */
export function createDeletions({ stores, announceEnds, mailer, metrics, webUrl, grace }: DeletionsOptions) {
  /** Signs the person out everywhere; resolves with when the account goes. `typed` has to be its address, in whatever case. */
  async function ask({ person, sessionId }: Caller, typed: string, requester: Requester): Promise<Date> {
    if (typed.toLowerCase() !== person.email.toLowerCase())
      throw new ProblemError('validation-failed', {
        errors: [{ pointer: '#/email', detail: 'must be the address of the account that is to be deleted' }],
      });
    const secret = newSecret();
    const asked = await stores.atomically(async ({ deletions, oneTimeTokens, sessions, users }) => {
      // First, so that a sign-in which holds the account comes before, and is ended; or whoever put this session out does.
      await users.lock(person.id);
      if (!(await sessions.findPerson(sessionId))) throw new ProblemError('invalid-token');
      const begun = await deletions.ask(person.id, grace, sessionId, requester);
      if (!begun) throw new ProblemError('conflict', { detail: 'This account is to be deleted already.' });
      const id = await oneTimeTokens.insert({
        purpose: 'cancel-deletion',
        userId: person.id,
        userEmail: person.email,
        tokenHash: hashSecret(secret),
        lifetime: grace,
      });
      const link = `${webUrl}/account/keep#token=${secret}`;
      // Queued before the commit: nobody's account goes without a letter that says so.
      const mail = deletionAskedEmail({ to: person.email, dueAt: new Date(begun.dueAt), link });
      await mailer.send(id, mail, { lifetime: grace });
      return begun;
    });
    metrics.countAccountChange('deletion-asked');
    await announceEnds(asked.ended);
    return new Date(asked.dueAt);
  }

  /** Whoever is signed in keeps the account. Nothing to keep it from is no error. */
  async function cancel({ person, sessionId }: Caller, requester: Requester): Promise<void> {
    if (await stores.deletions.cancel(person.id, sessionId, requester))
      metrics.countAccountChange('deletion-cancelled');
  }

  /** By the link of the letter, which signs nobody in. Throws `link-…`. */
  async function cancelByLink(token: string, requester: Requester): Promise<void> {
    const presented = { purpose: 'cancel-deletion', tokenHash: hashSecret(token), browserHash: null } as const;
    const kept = await stores.atomically(async ({ deletions, oneTimeTokens }) => {
      const spent = await oneTimeTokens.spend(presented, true);
      return spent && (await deletions.cancel(spent.userId, null, requester));
    });
    if (kept) {
      metrics.countAccountChange('deletion-cancelled');
      return;
    }
    const found = await stores.oneTimeTokens.judge(presented);
    throw new ProblemError(found ? refusals[found.state] : 'link-invalid');
  }

  return { ask, cancel, cancelByLink };
}

const refusals: Record<OneTimeTokenState, ProblemCode> = {
  live: 'link-invalid',
  withdrawn: 'link-invalid',
  used: 'link-used',
  expired: 'link-expired',
};
