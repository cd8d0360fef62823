import { problemResponses, readPage, type Routes } from '@alva/service-kit';
import { adminJob, adminJobsQuery, page } from '@alva/validation';
import { administration, administrationRefusals } from '../admin/administration.ts';
import type { AdminJobsStore } from './admin-jobs.store.ts';

export interface AdminJobRoutesOptions {
  readonly adminJobs: AdminJobsStore;
}

/** For the administrators' scope. */
export const adminJobRoutes: Routes<AdminJobRoutesOptions> = async (app, { adminJobs }) => {
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
};
