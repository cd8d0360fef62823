import { ProblemError } from '@alva/service-kit';
import { type Identity } from '@alva/validation';
import { type Requester } from '../http/requester.ts';
import { type Stores } from '../stores.ts';
import { type Caller } from '../tokens/guards.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import { type Providers } from './provider.ts';

export type Identities = ReturnType<typeof createIdentities>;

/** Which providers can sign a person in, as they look after them in their settings. */
export function createIdentities({ stores, providers }: { stores: Stores; providers: Providers }) {
  async function list({ person }: Caller): Promise<Identity[]> {
    const rows = await stores.identities.list(person.id);
    return rows.map(({ provider, createdAt, lastUsedAt, ...row }) => ({
      ...row,
      provider,
      // One that is not offered any more can still be disconnected.
      label: providers.get(provider)?.label ?? provider,
      createdAt: new Date(createdAt).toISOString(),
      lastUsedAt: new Date(lastUsedAt).toISOString(),
    }));
  }

  /** Throws `not-found` and `last-way-in`. */
  async function remove(caller: Caller, identityId: string, requester: Requester): Promise<void> {
    const { person, sessionId } = caller;
    const outcome = await stores.atomically(async ({ users, sessions, identities }) => {
      await lockCaller({ users, sessions }, caller);
      return identities.remove({ userId: person.id, sessionId, identityId }, requester);
    });
    if (outcome === undefined) throw new ProblemError('not-found');
    if (outcome === 'kept') throw new ProblemError('last-way-in');
  }

  return { list, remove };
}
