import { problemResponses, type Routes } from '@alva/service-kit';
import { exportedWork, type ExportedWork } from '@alva/validation';
import { guarded } from '../guard.ts';
import type { PeopleStore } from './people.store.ts';

export const exportRoutes: Routes<{ people: Pick<PeopleStore, 'collect'> }> = async (app, { people }) => {
  app.get(
    '/user/export',
    {
      schema: {
        ...guarded,
        tags: ['profile'],
        summary: 'A copy of everything you have here',
        description: 'Your account itself is at `POST /auth/me/export` of auth.',
        response: { 200: exportedWork, ...problemResponses('authentication-required') },
      },
    },
    async (request, reply) => {
      const data = (await people.collect(request.token.sub)) as ExportedWork;
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', 'attachment; filename="alva-plans.json"')
        .send(data);
    },
  );
};
