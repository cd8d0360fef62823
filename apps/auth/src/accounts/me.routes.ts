import { problemResponses, type Routes } from '@alva/service-kit';
import { person } from '@alva/validation';
import { toPerson } from './person.ts';

/** To be registered in a scope that knows its caller. */
export const meRoutes: Routes = async (app) => {
  app.get(
    '/auth/me',
    {
      schema: {
        tags: ['account'],
        security: [{ bearer: [] }],
        summary: 'Who am I?',
        response: { 200: person, ...problemResponses('authentication-required', 'invalid-token') },
      },
    },
    async ({ caller }) => toPerson(caller.person),
  );
};
