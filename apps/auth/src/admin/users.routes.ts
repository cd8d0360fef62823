import { problemResponses, thingParams, type Routes } from '@alva/service-kit';
import { adminUserDetail, adminUserList, adminUsersQuery, pageQuery, sessionList } from '@alva/validation';
import { type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requesterOf } from '../http/requester.ts';
import { type UserAdministration } from './users.service.ts';
import { type Actor } from './users.store.ts';

export interface UserRoutesOptions {
  readonly userAdministration: UserAdministration;
}

export const guarded = { tags: ['administration'], security: [{ bearer: [] }] };
export const refusals = ['authentication-required', 'invalid-token', 'forbidden'] as const;
const sessionParams = thingParams.extend({ sid: thingParams.shape.id });

export const userRoutes: Routes<UserRoutesOptions> = async (app, { userAdministration: users }) => {
  app.get(
    '/admin/users',
    {
      schema: {
        ...guarded,
        summary: 'People, newest first',
        querystring: adminUsersQuery,
        response: { 200: adminUserList, ...problemResponses(...refusals, 'validation-failed') },
      },
    },
    async ({ query }) => users.list(query),
  );

  app.get(
    '/admin/users/:id',
    {
      schema: {
        ...guarded,
        summary: 'One person',
        params: thingParams,
        response: { 200: adminUserDetail, ...problemResponses(...refusals, 'not-found') },
      },
    },
    async ({ params }) => users.get(params.id),
  );

  app.get(
    '/admin/users/:id/sessions',
    {
      schema: {
        ...guarded,
        summary: 'Where somebody is signed in',
        params: thingParams,
        querystring: pageQuery,
        response: { 200: sessionList, ...problemResponses(...refusals, 'not-found', 'validation-failed') },
      },
    },
    async ({ params, query, caller }) => users.listSessions(params.id, query, caller),
  );

  app.delete(
    '/admin/users/:id/sessions',
    {
      schema: {
        ...guarded,
        summary: 'End all sessions of somebody, for cause',
        params: thingParams,
        response: { 204: z.null(), ...problemResponses(...refusals, 'not-found') },
      },
    },
    async (request, reply) => {
      await users.endSessions(request.params.id, actorOf(request));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/admin/users/:id/sessions/:sid',
    {
      schema: {
        ...guarded,
        summary: 'End one session of somebody, for cause',
        params: sessionParams,
        response: { 204: z.null(), ...problemResponses(...refusals, 'not-found') },
      },
    },
    async (request, reply) => {
      await users.endSession(request.params.id, request.params.sid, actorOf(request));
      return reply.code(204).send(null);
    },
  );
};

export function actorOf(request: FastifyRequest): Actor {
  const { person, sessionId } = request.caller;
  return { ...requesterOf(request), id: person.id, sessionId };
}
