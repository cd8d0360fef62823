import { type Requester } from '../http/requester.ts';
import { type StoresInside } from '../stores.ts';
import { type Identified } from './entrance.ts';
import { type Redeemed } from './magic-links.store.ts';

/**
 * The account of a redeemed attempt, which begins with what was registered if this makes it, in the browser that registered.
 * What was registered for an account that was there, or from another browser, is not its owner's word.
 */
export async function proveAttempt(
  inside: Pick<StoresInside, 'users' | 'passwords'>,
  { id, email, redirectTo }: Redeemed,
  browserHash: Buffer | null,
  requester: Requester,
): Promise<Identified> {
  const account = await inside.users.prove(email, requester);
  const registered =
    account.firstProven && (await inside.passwords.takeRegistration(id, account.person.id, browserHash));
  return { account: { ...account, person: registered || account.person }, redirectTo };
}
