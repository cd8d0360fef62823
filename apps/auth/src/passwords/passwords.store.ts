import { newIdentifier, type RunStatement } from '@alva/database';
import { type PersonRow } from '../accounts/person.ts';
import { type ProvenAccount } from '../accounts/users.store.ts';
import { type Requester } from '../http/requester.ts';
import { type EndedSession } from '../sessions/sessions.store.ts';
import { type Limit } from '../sign-in/magic-links.store.ts';
import * as texts from './passwords.sql.ts';

/** What a try is made against. Null where nobody has the address, or they have no password. */
export interface Try {
  readonly allowed: boolean;
  readonly userId: string | null;
  readonly hash: string | null;
  /** Seconds until the window ends; null for the first try in one. */
  readonly resetsIn: number | null;
}

export interface Registration {
  readonly name: string | null;
  readonly passwordHash: string | null;
}

export type PasswordsStore = ReturnType<typeof createPasswordsStore>;

export function createPasswordsStore(run: RunStatement) {
  return {
    /** Counts a try, for this address or for a session, and hands out what to compare with. */
    async takeTry(email: string, { max, windowSeconds }: Limit, countedAs = email): Promise<Try> {
      const [row] = await run<Try>(texts.takeTryText, [email, max, windowSeconds, countedAs]);
      if (!row) throw new Error('A try was neither allowed nor refused');
      return row;
    },

    async giveTryBack(countedAs: string): Promise<void> {
      await run(texts.giveTryBackText, [countedAs]);
    },

    /** The account, locked, if this is still the hash of its password. */
    async confirm(userId: string, hash: string): Promise<ProvenAccount | undefined> {
      return toAccount(await run<PersonRow & { disabled: boolean }>(texts.confirmText, [userId, hash]));
    },

    /** Whether the hash was still the old one. */
    async rehash(userId: string, oldHash: string, newHash: string): Promise<boolean> {
      return (await run(texts.rehashText, [userId, oldHash, newHash])).length > 0;
    },

    async find(userId: string): Promise<{ hash: string; changedAt: number } | undefined> {
      const [row] = await run<{ hash: string; changedAt: number }>(texts.findText, [userId]);
      return row;
    },

    /** Whose password it is. */
    async findOwner(userId: string): Promise<Pick<PersonRow, 'email' | 'name'> | undefined> {
      const [row] = await run<Pick<PersonRow, 'email' | 'name'>>(texts.findOwnerText, [userId]);
      return row;
    },

    /** Sign-in links of this address that nobody has used. */
    async deleteAttempts(email: string): Promise<void> {
      await run(texts.deleteAttemptsText, [email]);
    },

    /** Sets the password of somebody who was locked before; the sessions that ended by it, all but `keep`. */
    async set(
      userId: string,
      hash: string,
      { keep, byLink }: { keep: string | null; byLink: boolean },
      { address, requestId }: Requester,
    ): Promise<EndedSession[]> {
      return run<EndedSession>(texts.setText, [userId, hash, keep, address, requestId, byLink]);
    },

    /** Undefined when the recipient's limit is used up, and then nothing is stored. */
    async askForReset(
      { email, tokenHash, lifetime }: { email: string; tokenHash: Buffer; lifetime: number },
      { max, windowSeconds }: Limit,
      { address, requestId }: Requester,
    ): Promise<{ id: string; known: boolean } | undefined> {
      const parameters = [newIdentifier(), email, tokenHash, lifetime, max, windowSeconds, address, requestId];
      const [row] = await run<{ id: string; known: boolean }>(texts.askForResetText, parameters);
      return row;
    },

    /** Undefined when the recipient's limit is used up. */
    async askForVerification(
      token: { userId: string; email: string; tokenHash: Buffer; browserHash: Buffer; lifetime: number },
      { max, windowSeconds }: Limit,
      { address, requestId }: Requester,
    ): Promise<string | undefined> {
      const { userId, email, tokenHash, browserHash, lifetime } = token;
      const [row] = await run<{ id: string }>(texts.askForVerificationText, [
        ...[newIdentifier(), userId, email, tokenHash, browserHash, lifetime],
        ...[max, windowSeconds, address, requestId],
      ]);
      return row?.id;
    },

    /** Seconds until this address may be mailed another. */
    async findResetLimit(email: string): Promise<number> {
      const [row] = await run<{ resetsIn: number }>(texts.resetLimitText, [email]);
      return row?.resetsIn ?? 1;
    },

    async withdrawReset(id: string): Promise<void> {
      await run(texts.withdrawResetText, [id]);
    },

    /** Keeps what somebody gave who registered, until this attempt is redeemed. */
    async register(attemptId: string, browserHash: Buffer, { name, passwordHash }: Registration): Promise<void> {
      await run(texts.registerText, [attemptId, browserHash, name, passwordHash]);
    },

    /** What was registered in this browser for this address is that of its newer attempt from now on. */
    async carryRegistration(
      { attemptId, browserHash, email }: { attemptId: string; browserHash: Buffer; email: string },
      formerBrowserHash: Buffer,
    ): Promise<void> {
      await run(texts.carryRegistrationText, [attemptId, browserHash, email, formerBrowserHash]);
    },

    /** Gives the account what was registered with this attempt in this browser; undefined when there is nothing such. */
    async takeRegistration(
      attemptId: string,
      userId: string,
      browserHash: Buffer | null,
    ): Promise<PersonRow | undefined> {
      const [row] = await run<PersonRow>(texts.takeRegistrationText, [attemptId, userId, browserHash]);
      return row;
    },
  };
}

function toAccount([row]: (PersonRow & { disabled: boolean })[]): ProvenAccount | undefined {
  if (!row) return undefined;
  const { disabled, ...person } = row;
  return { person, disabled };
}
