import { countFailures, notFromElsewhere, type Limiter } from '@alva/service-kit';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type Client, type Clients } from './clients.service.ts';
import { readCredentials, type CredentialsForm } from './credentials.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The service that asks. Reading it where no guard is installed is a mistake and throws. */
    readonly client: Client;
  }
}

export interface ClientGuardParts {
  readonly clients: Clients;
  /** Origins of the pages that may try things out. Services send none. */
  readonly ownOrigins: readonly string[];
  /**
   * Counts, by address, requests of nobody, and never looks before the credentials are known: a service that has them may
   * ask as often as it has to, whatever somebody else at its address does.
   */
  readonly failures: Limiter;
}

const knownClient = Symbol('client');
type GuardedRequest = FastifyRequest & { [knownClient]: Client | null };

/** Guards every route of this scope: a request without the credentials of a client goes no further. */
export function installClientGuard(app: FastifyInstance, { clients, ownOrigins, failures }: ClientGuardParts): void {
  app.decorateRequest(knownClient, null);
  app.decorateRequest('client', {
    getter(this: FastifyRequest) {
      const client = (this as GuardedRequest)[knownClient];
      if (client === null) throw new Error('request.client was read outside a guard');
      return client;
    },
  });
  app.addHook('onRequest', notFromElsewhere(ownOrigins));
  // Before the form is judged, so that what is wrong with it is told to clients only.
  app.addHook('preValidation', async (request) => {
    const form = (request.body ?? {}) as CredentialsForm;
    (request as GuardedRequest)[knownClient] = await clients.authenticate(readCredentials(request.raw, form));
  });
  app.setErrorHandler(countFailures(failures, (request) => (request as GuardedRequest)[knownClient] === null));
}
