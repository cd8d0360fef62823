import { ProblemError } from '@alva/service-kit';
import { type Identity } from '@alva/validation';
import { type Requester } from '../http/requester.ts';
import { type Caller } from '../tokens/guards.ts';
import { type IdentitiesStore } from './identities.store.ts';
import { type Providers } from './provider.ts';

export type Identities = ReturnType<typeof createIdentities>;

/** Which providers can sign a person in, as they look after them in their settings. */
export function createIdentities({ store, providers }: { store: IdentitiesStore; providers: Providers }) {
  async function list({ person }: Caller): Promise<Identity[]> {
    const rows = await store.list(person.id);
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
  async function remove({ person, sessionId }: Caller, identityId: string, requester: Requester): Promise<void> {
    const outcome = await store.remove({ userId: person.id, sessionId, identityId }, requester);
    if (outcome === undefined) throw new ProblemError('not-found');
    if (outcome === 'kept') throw new ProblemError('last-way-in');
  }

  return { list, remove };
}
