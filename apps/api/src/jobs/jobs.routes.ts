import { problemResponses, type Routes, readPage, thingParams } from '@alva/service-kit';
import { job, page, pageQuery } from '@alva/validation';
import { z } from 'zod';
import { guarded, guardedWithGuests, guestRefusals } from '../guard.ts';
import type { JobsService } from './jobs.service.ts';

export interface JobRoutesOptions {
  readonly jobs: JobsService;
}

const tags = ['jobs'];

/** For people only. */
export const jobListRoutes: Routes<JobRoutesOptions> = async (app, { jobs }) => {
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
};

/** For people and guests. */
export const jobRoutes: Routes<JobRoutesOptions> = async (app, { jobs }) => {
  app.get(
    '/jobs/:id',
    {
      schema: {
        ...guardedWithGuests,
        tags,
        summary: 'How a job is getting on',
        params: thingParams,
        response: { 200: job, ...problemResponses(...guestRefusals, 'not-found') },
      },
    },
    async (request) => jobs.get(request.owner.userId, request.params.id),
  );

  app.delete(
    '/jobs/:id',
    {
      schema: {
        ...guardedWithGuests,
        tags,
        summary: 'Call off a queued or running job',
        description: 'Calling off twice is the same as once. A job that has succeeded or failed cannot be called off.',
        params: thingParams,
        response: { 204: z.undefined(), ...problemResponses(...guestRefusals, 'not-found', 'job-finished') },
      },
    },
    async (request, reply) => {
      await jobs.cancel(request.owner.userId, request.params.id);
      return reply.code(204).send();
    },
  );
};
