import { problemResponses, type Routes } from '@alva/service-kit';
import { presentedTokenForm } from '@alva/validation';
import { z } from 'zod';
import { requesterOf } from '../http/requester.ts';
import { type Revoker } from './revoke.service.ts';

/** To be registered in a scope that reads forms and knows the client. */
export const revokeRoutes: Routes<{ revoke: Revoker }> = async (app, { revoke }) => {
  app.post(
    '/auth/revoke',
    {
      config: { rateLimit: false },
      schema: {
        tags: ['services'],
        security: [{ client: [] }],
        summary: 'End the session of a token (RFC 7009)',
        description:
          'Whichever token of a session is presented, the whole session ends, for cause: its tokens are refused everywhere within a second and its jobs stop. A token nobody knows is answered alike.',
        consumes: ['application/x-www-form-urlencoded'],
        body: presentedTokenForm,
        response: {
          200: z.null().optional(),
          ...problemResponses('invalid-request', 'invalid-client', 'origin-not-allowed', 'unsupported-media-type'),
        },
      },
    },
    async (request, reply) => {
      await revoke(request.body.token, request.client, requesterOf(request));
      // No body at all (RFC 7009, section 2.2), not even the JSON of nothing.
      return reply.send(undefined);
    },
  );
};
