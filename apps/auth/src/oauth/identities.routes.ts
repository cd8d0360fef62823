import { problemResponses, thingParams, type Limiter, type Routes } from '@alva/service-kit';
import { connectProviderAnswer, identityList, providerParams } from '@alva/validation';
import { z } from 'zod';
import { requesterOf } from '../http/requester.ts';
import { installStepUpGuard } from '../tokens/guards.ts';
import { type BrowserCookies } from './browser-cookies.ts';
import { type Federation } from './federation.service.ts';
import { type Identities } from './identities.service.ts';

export interface IdentityRoutesOptions {
  readonly identities: Identities;
  readonly federation: Federation;
  readonly browserCookies: BrowserCookies;
  readonly begins: Limiter;
  readonly now: (() => number) | undefined;
}

const tags = ['account'];
const security = [{ bearer: [] }];
const refusals = ['authentication-required', 'invalid-token'] as const;

/** To be registered in a scope that knows its caller. */
export const identityRoutes: Routes<IdentityRoutesOptions> = async (app, options) => {
  const { identities, federation, browserCookies, begins, now } = options;

  app.get(
    '/auth/identities',
    {
      schema: {
        tags,
        security,
        summary: 'Which providers can sign me in?',
        response: { 200: identityList, ...problemResponses(...refusals) },
      },
    },
    async ({ caller }) => ({ items: await identities.list(caller) }),
  );

  const afterStepUp: Routes = async (recent) => {
    installStepUpGuard(recent, { now });

    recent.post(
      '/auth/oauth/:provider/link',
      {
        schema: {
          tags,
          security,
          summary: 'Connect a provider to my account',
          description:
            'Answers with the address to send the browser to. What comes back counts in this browser, for ten minutes, and only while the session that asked is open.',
          params: providerParams,
          response: {
            200: connectProviderAnswer,
            ...problemResponses(...refusals, 'step-up-required', 'not-found', 'provider-unavailable'),
          },
        },
      },
      async (request, reply) => {
        const { caller, params } = request;
        const provider = federation.find(params.provider);
        const slot = await begins.take(request.visitor.countedAs);
        const known = browserCookies.read(provider, request);
        const begun = await federation.begin(provider, { sessionId: caller.sessionId, known, requestId: request.id });
        const cookie = browserCookies.of(provider).write(begun.browserSecret, begun.lifetime);
        return reply.headers(slot.headers).header('set-cookie', cookie).send({ url: begun.url.href });
      },
    );

    recent.delete(
      '/auth/identities/:id',
      {
        schema: {
          tags,
          security,
          summary: 'Disconnect a provider',
          params: thingParams,
          response: {
            204: z.null(),
            ...problemResponses(...refusals, 'step-up-required', 'not-found', 'last-way-in'),
          },
        },
      },
      async (request, reply) => {
        await identities.remove(request.caller, request.params.id, requesterOf(request));
        return reply.code(204).send(null);
      },
    );
  };
  await app.register(afterStepUp);
};
