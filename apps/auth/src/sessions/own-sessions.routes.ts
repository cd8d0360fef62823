import { problemResponses, readPage, thingParams, type Routes } from '@alva/service-kit';
import { pageQuery, sessionList } from '@alva/validation';
import { z } from 'zod';
import { type Cookie } from '../http/cookies.ts';
import { requesterOf } from '../http/requester.ts';
import { type Sessions } from './sessions.service.ts';

const tags = ['sessions'];
const security = [{ bearer: [] }];
const refusals = ['authentication-required', 'invalid-token'] as const;

/** A person looks after their own sessions. To be registered in a scope that knows its caller. */
export const ownSessionRoutes: Routes<{ sessions: Sessions; refreshCookie: Cookie }> = async (app, options) => {
  const { sessions, refreshCookie } = options;

  app.get(
    '/auth/sessions',
    {
      schema: {
        tags,
        security,
        summary: 'Where am I signed in?',
        description: 'Your open sessions, the newest first.',
        querystring: pageQuery,
        response: { 200: sessionList, ...problemResponses(...refusals, 'validation-failed') },
      },
    },
    async ({ caller, query }) => readPage(query, (slice) => sessions.list(caller, slice)),
  );

  app.delete(
    '/auth/sessions/:id',
    {
      schema: {
        tags,
        security,
        summary: 'End one session',
        description:
          'Its access tokens are refused everywhere within a second, its streams close, its jobs stop. Ending the session that asks is signing out, and leaves jobs running.',
        params: thingParams,
        response: { 204: z.null(), ...problemResponses(...refusals, 'not-found') },
      },
    },
    async (request, reply) => {
      const { caller, params } = request;
      await sessions.end(caller, params.id, requesterOf(request));
      if (params.id === caller.sessionId) reply.header('set-cookie', refreshCookie.clear());
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/auth/sessions',
    {
      schema: {
        tags,
        security,
        summary: 'End all other sessions',
        response: { 204: z.null(), ...problemResponses(...refusals) },
      },
    },
    async (request, reply) => {
      await sessions.endOthers(request.caller, requesterOf(request));
      return reply.code(204).send(null);
    },
  );
};
