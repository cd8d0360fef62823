import { ProblemError, problemResponses, readPage, type Routes, thingParams } from '@alva/service-kit';
import { adminJob, adminJobsQuery, page } from '@alva/validation';
import { z } from 'zod';
import { administration, administrationRefusals } from '../admin/administration.ts';
import type { AdminJobsStore } from './admin-jobs.store.ts';
import type { JobsService } from './jobs.service.ts';

export interface AdminJobRoutesOptions {
  readonly adminJobs: AdminJobsStore;
  readonly jobs: Pick<JobsService, 'cancel'>;
}

/** For the administrators' scope. */
export const adminJobRoutes: Routes<AdminJobRoutesOptions> = async (app, { adminJobs, jobs }) => {
  app.get(
    '/admin/jobs',
    {
      schema: {
        ...administration,
        summary: 'Everybody’s jobs, newest first',
        description: 'How they are getting on, never what they are about.',
        querystring: adminJobsQuery,
        response: { 200: page(adminJob), ...problemResponses(...administrationRefusals, 'validation-failed') },
      },
    },
    async ({ query }) => readPage(query, (slice) => adminJobs.list(query, slice)),
  );

  app.delete(
    '/admin/jobs/:id',
    {
      schema: {
        ...administration,
        summary: 'Call off anybody’s job',
        description:
          'As its owner can, with the same effect: what it has cost is charged, what was set aside is given back.',
        params: thingParams,
        response: { 204: z.undefined(), ...problemResponses(...administrationRefusals, 'not-found', 'job-finished') },
      },
    },
    async (request, reply) => {
      const jobId = request.params.id;
      const userId = await adminJobs.ownerOf(jobId);
      if (userId === undefined) throw new ProblemError('not-found');
      await jobs.cancel(userId, jobId);
      request.log.info({ jobId, userId, by: request.token.sub }, 'job called off');
      return reply.code(204).send();
    },
  );
};
