import { problemResponses, type Routes } from '@alva/service-kit';
import { identifier, ownerLimit, ownerLimitBody } from '@alva/validation';
import { z } from 'zod';
import { administration, administrationRefusals } from '../admin/administration.ts';
import type { UsageService } from './usage.service.ts';

const params = z.object({ userId: identifier });

/** For the administrators' scope. */
export const limitRoutes: Routes<{ usage: UsageService }> = async (app, { usage }) => {
  const refusals = problemResponses(...administrationRefusals, 'validation-failed');

  app.get(
    '/admin/limits/:userId',
    {
      schema: {
        ...administration,
        summary: 'The daily budget of one person, if it is their own',
        params,
        response: { 200: ownerLimit, ...refusals },
      },
    },
    async ({ params: { userId } }) => usage.limit(userId),
  );

  app.put(
    '/admin/limits/:userId',
    {
      schema: {
        ...administration,
        summary: 'Give one person a daily budget of their own',
        description: 'Holds from the next job on. 0 means that nothing more is written for them that costs tokens.',
        params,
        body: ownerLimitBody,
        response: { 200: ownerLimit, ...refusals },
      },
    },
    async (request) => {
      const { userId } = request.params;
      const { dailyTokens } = request.body;
      const limit = await usage.setLimit(userId, dailyTokens);
      request.log.info({ userId, dailyTokens, by: request.token.sub }, 'daily budget set');
      return limit;
    },
  );

  app.delete(
    '/admin/limits/:userId',
    {
      schema: {
        ...administration,
        summary: 'Give one person the same daily budget as everybody',
        params,
        response: { 204: z.undefined(), ...refusals },
      },
    },
    async (request, reply) => {
      const { userId } = request.params;
      await usage.removeLimit(userId);
      request.log.info({ userId, by: request.token.sub }, 'daily budget removed');
      return reply.code(204).send();
    },
  );
};
