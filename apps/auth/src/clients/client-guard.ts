import { countFailures, type Limiter } from '@alva/service-kit';
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
  /** Counts, by address, requests of nobody: a service that authenticates may ask as often as it has to. */
  readonly failures: Limiter;
}

const knownClient = Symbol('client');
type GuardedRequest = FastifyRequest & { [knownClient]: Client | null };

/** Guards every route of this scope: a request without the credentials of a client goes no further. */
export function installClientGuard(app: FastifyInstance, { clients, failures }: ClientGuardParts): void {
  app.decorateRequest(knownClient, null);
  app.decorateRequest('client', {
    getter(this: FastifyRequest) {
      const client = (this as GuardedRequest)[knownClient];
      if (client === null) throw new Error('request.client was read outside a guard');
      return client;
    },
  });
  app.addHook('onRequest', ({ visitor }) => failures.check(visitor.countedAs));
  // Before the form is judged, so that what is wrong with it is told to clients only.
  app.addHook('preValidation', async (request) => {
    const form = (request.body ?? {}) as CredentialsForm;
    (request as GuardedRequest)[knownClient] = await clients.authenticate(readCredentials(request.raw, form));
  });
  app.setErrorHandler(countFailures(failures, (request) => (request as GuardedRequest)[knownClient] === null));
}
