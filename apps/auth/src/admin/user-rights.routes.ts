import { problemResponses, thingParams, type Routes } from '@alva/service-kit';
import { adminUserDetail, changeUserBody } from '@alva/validation';
import { z } from 'zod';
import { actorOf, guarded, refusals, type UserRoutesOptions } from './users.routes.ts';

/** To be registered in a scope that wants a recent sign-in. */
export const userRightsRoutes: Routes<UserRoutesOptions> = async (app, { userAdministration: users }) => {
  app.patch(
    '/admin/users/:id',
    {
      schema: {
        ...guarded,
        summary: 'Disable, enable, give and take roles',
        description:
          'Disabling somebody, or taking a role away, ends all their sessions for cause before this is answered: tokens are refused everywhere within a second, streams close, jobs stop. A role that is given is in access tokens from the next renewal on. Nobody disables themselves or takes their own role admin: 409 `self-lockout`.',
        params: thingParams,
        body: changeUserBody,
        response: {
          200: adminUserDetail,
          ...problemResponses(
            ...refusals,
            'step-up-required',
            'malformed-request',
            'not-found',
            'self-lockout',
            'validation-failed',
          ),
        },
      },
    },
    async (request) => users.change(request.params.id, request.body, actorOf(request)),
  );

  app.delete(
    '/admin/users/:id/second-factor',
    {
      schema: {
        ...guarded,
        summary: 'Reset the second factor of somebody who has lost it',
        description:
          'Make sure first that it is they who ask. One factor opens their account from now on; all their sessions end, and they are told by mail. Their passkeys stay.',
        params: thingParams,
        response: { 204: z.null(), ...problemResponses(...refusals, 'step-up-required', 'not-found') },
      },
    },
    async (request, reply) => {
      await users.resetSecondFactor(request.params.id, actorOf(request));
      return reply.code(204).send(null);
    },
  );
};
