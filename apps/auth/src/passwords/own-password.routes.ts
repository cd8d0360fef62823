import { problemResponses, type Routes } from '@alva/service-kit';
import { changePasswordBody, passwordState } from '@alva/validation';
import { z } from 'zod';
import { requesterOf } from '../http/requester.ts';
import { type OwnPassword } from './own-password.service.ts';

const tags = ['account'];
const security = [{ bearer: [] }];
const refusals = ['authentication-required', 'invalid-token'] as const;

/** To be registered in a scope that knows its caller. */
export const ownPasswordRoutes: Routes<{ ownPassword: OwnPassword }> = async (app, { ownPassword }) => {
  app.get(
    '/auth/password',
    {
      schema: {
        tags,
        security,
        summary: 'Do I have a password?',
        response: { 200: passwordState, ...problemResponses(...refusals) },
      },
    },
    async ({ caller }) => ownPassword.show(caller),
  );

  app.put(
    '/auth/password',
    {
      schema: {
        tags,
        security,
        summary: 'Set or change my password',
        description:
          'Wants the present password, or, where there is none, a recent sign-in. All other sessions end, and sign-in links that are under way die.',
        body: changePasswordBody,
        response: {
          204: z.null(),
          ...problemResponses(
            'malformed-request',
            'validation-failed',
            ...refusals,
            'step-up-required',
            'conflict',
            'service-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      await ownPassword.change(request.caller, request.body, requesterOf(request));
      return reply.code(204).send(null);
    },
  );
};
