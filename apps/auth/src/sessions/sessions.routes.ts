import {
  limitFailures,
  onlyFromOwnPages,
  problemResponses,
  ProblemError,
  type Limiter,
  type Routes,
} from '@alva/service-kit';
import { tokenAnswer } from '@alva/validation';
import { type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Cookie } from '../http/cookies.ts';
import { requesterOf } from '../http/requester.ts';
import { type Sessions } from './sessions.service.ts';

export interface SessionRoutesOptions {
  readonly sessions: Sessions;
  readonly refreshCookie: Cookie;
  /** Origins of the pages that may act on the cookie. */
  readonly ownOrigins: readonly string[];
  /** Counts failed renewals: one network may hold thousands of people who renew as they should. */
  readonly failures: Limiter;
}

const tags = ['sessions'];
const security = [{ refreshCookie: [] }];
const fromOwnPages =
  'Needs an `Origin` of the web app, as browsers send it, or `Sec-Fetch-Site: same-origin` or `same-site`; otherwise 403.';

/** Everything here acts on the cookie alone, so all of it is for our own pages only. */
export const sessionRoutes: Routes<SessionRoutesOptions> = async (app, options) => {
  const { sessions, refreshCookie, ownOrigins, failures } = options;
  app.addHook('onRequest', onlyFromOwnPages(ownOrigins));

  function presentedToken(request: FastifyRequest): string | undefined {
    const [token, ...others] = refreshCookie.read(request.headers.cookie);
    if (others.length > 0) throw new ProblemError('duplicate-cookie');
    return token;
  }

  app.post(
    '/auth/refresh',
    {
      ...limitFailures(failures),
      schema: {
        tags,
        security,
        summary: 'Renew the session',
        description: `Spends the refresh cookie and sets its successor. A retry is given the same successor; a token that was replaced long ago ends the session. A session renewed fifty times in ten seconds has to wait: 429, and the cookie stays good. ${fromOwnPages}`,
        response: {
          200: tokenAnswer,
          ...problemResponses(
            'refresh-token-missing',
            'refresh-token-invalid',
            'refresh-token-reused',
            'account-disabled',
            'origin-not-allowed',
            'duplicate-cookie',
          ),
        },
      },
    },
    async (request, reply) => {
      try {
        const granted = await sessions.refresh(presentedToken(request), requesterOf(request));
        const { answer, refreshToken, idleFor } = granted;
        request.identify(granted.identifiers);
        return await reply.header('set-cookie', refreshCookie.write(refreshToken, idleFor)).send(answer);
      } catch (error) {
        // A cookie is dropped only when it is known to be worth nothing, never because we are in trouble ourselves.
        // It is said with the refusal, not on the reply: where the limit on failures answers instead, nothing was told.
        if (error instanceof ProblemError && error.status === 401) error.headers['set-cookie'] = refreshCookie.clear();
        throw error;
      }
    },
  );

  const noSession = { 204: z.null(), ...problemResponses('origin-not-allowed', 'duplicate-cookie') };

  app.post(
    '/auth/logout',
    {
      schema: {
        tags,
        security,
        summary: 'Sign out',
        description: `Ends the session that the cookie belongs to. Without one, or with a dead one, there is nothing to do. ${fromOwnPages}`,
        response: noSession,
      },
    },
    async (request, reply) => {
      await sessions.signOut(presentedToken(request), requesterOf(request));
      return reply.code(204).header('set-cookie', refreshCookie.clear()).send(null);
    },
  );

  app.post(
    '/auth/logout-all',
    {
      schema: {
        tags,
        security,
        summary: 'Sign out everywhere',
        description: `Ends all sessions of the person whom the cookie belongs to; running jobs of the other sessions are stopped. Without a cookie, or with a dead one, there is nothing to do. ${fromOwnPages}`,
        response: noSession,
      },
    },
    async (request, reply) => {
      await sessions.signOutEverywhere(presentedToken(request), requesterOf(request));
      return reply.code(204).header('set-cookie', refreshCookie.clear()).send(null);
    },
  );
};
