import { ProblemError } from '@alva/service-kit';
import { type ProviderName } from '@alva/shared-types';
import { type Identity } from '@alva/validation';
import { describeDevice, type Requester } from '../http/requester.ts';
import { type Notify } from '../mail/notifier.ts';
import { type Stores } from '../stores.ts';
import { type Caller } from '../tokens/guards.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import { providerDisconnectedEmail } from './provider.email.ts';
import { type Providers } from './provider.ts';

export interface IdentitiesOptions {
  readonly stores: Stores;
  readonly providers: Providers;
  readonly notify: Notify;
  readonly securityUrl: string;
}

export type Identities = ReturnType<typeof createIdentities>;

/** Which providers can sign a person in, as they look after them in their settings. */
export function createIdentities({ stores, providers, notify, securityUrl }: IdentitiesOptions) {
  // One that is not offered any more can still be disconnected.
  const labelOf = (provider: ProviderName) => providers.get(provider)?.label ?? provider;

  async function list({ person }: Caller): Promise<Identity[]> {
    const rows = await stores.identities.list(person.id);
    return rows.map(({ provider, createdAt, lastUsedAt, ...row }) => ({
      ...row,
      provider,
      label: labelOf(provider),
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
    if (!outcome.isGone) throw new ProblemError('last-way-in');
    const letter = { to: person.email, device: describeDevice(requester.userAgent), securityUrl };
    await notify(providerDisconnectedEmail({ ...letter, label: labelOf(outcome.provider) }), {
      userId: person.id,
      requestId: requester.requestId,
    });
  }

  return { list, remove };
}
