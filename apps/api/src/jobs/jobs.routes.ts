import { problemResponses, type Routes, readPage, thingParams } from '@alva/service-kit';
import { job, page, pageQuery } from '@alva/validation';
import { z } from 'zod';
import { guarded } from '../guard.ts';
import type { JobsService } from './jobs.service.ts';

export const jobRoutes: Routes<{ jobs: JobsService }> = async (app, { jobs }) => {
  const tags = ['jobs'];

  app.get(
    '/jobs',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Your jobs, newest first',
        querystring: pageQuery,
        response: { 200: page(job), ...problemResponses('authentication-required', 'validation-failed') },
      },
    },
    async (request) => readPage(request.query, (slice) => jobs.list(request.token.sub, slice)),
  );

  app.get(
    '/jobs/:id',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'How a job is getting on',
        params: thingParams,
        response: { 200: job, ...problemResponses('authentication-required', 'not-found') },
      },
    },
    async (request) => jobs.get(request.token.sub, request.params.id),
  );

  app.delete(
    '/jobs/:id',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Call off a queued or running job',
        description: 'Calling off twice is the same as once. A job that has succeeded or failed cannot be called off.',
        params: thingParams,
        response: { 204: z.undefined(), ...problemResponses('authentication-required', 'not-found', 'job-finished') },
      },
    },
    async (request, reply) => {
      await jobs.cancel(request.token.sub, request.params.id);
      return reply.code(204).send();
    },
  );
};
