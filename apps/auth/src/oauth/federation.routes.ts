import {
  notFromElsewhere,
  noteProblem,
  ProblemError,
  problemResponses,
  toProblem,
  type Limiter,
  type Routes,
} from '@alva/service-kit';
import { beginProviderQuery, providerList, providerParams } from '@alva/validation';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { acceptOnlyForms } from '../clients/form-bodies.ts';
import { type RedirectSignIn } from '../http/redirect-sign-in.ts';
import { requesterOf } from '../http/requester.ts';
import { type BrowserCookies } from './browser-cookies.ts';
import { AnswerRefused, type Federation } from './federation.service.ts';
import { type Provider } from './provider.ts';

export interface FederationRoutesOptions {
  readonly federation: Federation;
  readonly browserCookies: BrowserCookies;
  readonly redirectSignIn: RedirectSignIn;
  /** Counts attempts by the address that begins them. */
  readonly begins: Limiter;
  readonly ownOrigins: readonly string[];
  readonly webUrl: string;
}

const tags = ['sign-in'];
/** A GET that changes something must not be made by asking for its headers. */
const exposeHeadRoute = false;
const toWeb = z.null().describe('On to the provider, or back to a page of the web app');

export const federationRoutes: Routes<FederationRoutesOptions> = async (app, options) => {
  const { federation, browserCookies, redirectSignIn, begins, ownOrigins, webUrl } = options;

  app.get(
    '/auth/oauth/providers',
    { schema: { tags, summary: 'Who else can sign people in here?', response: { 200: providerList } } },
    async () => ({ items: federation.list() }),
  );

  app.get(
    '/auth/oauth/:provider',
    {
      exposeHeadRoute,
      errorHandler: showProblem,
      // Another site could otherwise sign its visitors in here, or have them fill the table with pictures.
      onRequest: notFromElsewhere(ownOrigins),
      schema: {
        tags,
        summary: 'Go to a provider to sign in',
        description:
          'For the browser itself, not for a script. State, nonce and PKCE verifier are new each time and belong to this browser by a cookie, for ten minutes.',
        params: providerParams,
        querystring: beginProviderQuery,
        response: { 303: toWeb, ...problemResponses('origin-not-allowed', 'not-found', 'validation-failed') },
      },
    },
    async (request, reply) => {
      const provider = federation.find(request.params.provider);
      await begins.take(request.visitor.countedAs);
      const known = browserCookies.read(provider, request);
      const { redirectTo } = request.query;
      const begun = await federation.begin(provider, { redirectTo, known, requestId: request.id });
      reply.header('set-cookie', browserCookies.of(provider).write(begun.browserSecret, begun.lifetime));
      return reply.redirect(begun.url.href, 303);
    },
  );

  const answering = {
    tags,
    description:
      'Works once, in the browser that was sent, within ten minutes. Sets the cookies of a sign-in and leads to a page of the web app, which gets its tokens by `POST /auth/refresh`; no address ever holds one.',
    params: providerParams,
    response: { 303: toWeb, ...problemResponses('not-found') },
  };

  app.get(
    '/auth/oauth/:provider/callback',
    {
      exposeHeadRoute,
      errorHandler: showProblem,
      schema: { ...answering, summary: 'Come back from a provider', security: [{ providerCookie: [] }] },
    },
    async (request, reply) => {
      const provider = federation.find(request.params.provider);
      if (provider.answersBy !== 'query') throw new ProblemError('not-found');
      return finish(request, reply, provider, new URL(request.url, 'http://here.invalid').searchParams);
    },
  );

  const byForm: Routes = async (forms) => {
    acceptOnlyForms(forms);
    forms.post(
      '/auth/oauth/:provider/callback',
      {
        errorHandler: showProblem,
        schema: {
          ...answering,
          summary: 'Come back from a provider that posts its answer',
          security: [{ providerFormCookie: [] }],
          consumes: ['application/x-www-form-urlencoded'],
          body: z.record(z.string(), z.string()),
        },
      },
      async (request, reply) => {
        const provider = federation.find(request.params.provider);
        if (provider.answersBy !== 'form_post') throw new ProblemError('not-found');
        return finish(request, reply, provider, new URLSearchParams(request.body));
      },
    );
  };
  await app.register(byForm);

  async function finish(request: FastifyRequest, reply: FastifyReply, provider: Provider, answer: URLSearchParams) {
    const cookie = browserCookies.of(provider);
    const secret = browserCookies.read(provider, request);
    const finished = await federation.finish(provider, answer, secret, requesterOf(request));
    if (finished.kind === 'signed-in')
      return redirectSignIn(request, reply, finished.signIn, { way: provider.name, spent: [cookie] });
    const told = new URLSearchParams({ connected: provider.name }).toString();
    reply.header('set-cookie', cookie.clear());
    return reply.redirect(`${webUrl}/settings/security#${told}`, 303);
  }

  /** A page, whoever refused or failed: no script is there to read a problem document. */
  function showProblem(error: Error, request: FastifyRequest, reply: FastifyReply): void {
    const [cause, wasConnecting] = error instanceof AnswerRefused ? [error.cause, error.wasConnecting] : [error, false];
    const { provider } = request.params as { provider: string };
    if (!federation.isOffered(provider) || forPrograms.has(toProblem(cause).problem)) throw error;
    const { problem: code } = noteProblem(cause, request, reply);
    const told = new URLSearchParams({ code, provider }).toString();
    void reply.redirect(`${webUrl}/${wasConnecting ? 'settings/security' : 'sign-in/problem'}#${told}`, 303);
  }
};

/** What no browser on its way meets, but whoever wrote the address or the request: a program, its author, another site. */
const forPrograms = new Set<string>([
  'not-found',
  'validation-failed',
  'origin-not-allowed',
  'malformed-request',
  'unsupported-media-type',
  'body-too-large',
]);
