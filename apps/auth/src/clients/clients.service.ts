import { randomBytes, timingSafeEqual } from 'node:crypto';
import { hashSecret } from '../secrets/secret.ts';
import { type ClientsStore } from './clients.store.ts';
import { type Credentials } from './credentials.ts';
import { oauthError } from './oauth-error.ts';

/** A service that may ask about tokens and revoke them. */
export interface Client {
  readonly id: string;
}

export type Clients = ReturnType<typeof createClients>;

/** Compared with where there is no such client, so that an unknown name takes as long as a wrong secret. */
const nobodysHash = randomBytes(32);

/** Made by `npm run clients`; anything else is nobody's, and some of it Postgres would not even take for text. */
const clientId = /^[\w.~-]{1,100}$/;

export function createClients({ store }: { store: ClientsStore }) {
  return {
    /** Throws `invalid-client`, the same for an unknown client and for a wrong secret. */
    async authenticate({ id, secret }: Credentials): Promise<Client> {
      const stored = await store.find(clientId.test(id) ? id : '');
      const matches = timingSafeEqual(hashSecret(secret), stored?.secretHash ?? nobodysHash);
      if (!stored || !matches) {
        const logged = stored ? { reason: 'wrong-secret', client: stored.id } : { reason: 'unknown-client' };
        throw oauthError('invalid-client', 'The client is not known, or its secret is wrong', logged);
      }
      // For the operator's list only: to the minute will do, and spares a write for every question.
      if (!stored.seenLately) await store.markUsed(stored.id);
      return { id: stored.id };
    },
  };
}
