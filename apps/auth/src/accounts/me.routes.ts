import { problemResponses, ProblemError, type Routes } from '@alva/service-kit';
import { person } from '@alva/validation';
import { type SessionsStore } from '../sessions/sessions.store.ts';
import { type AccessTokens } from '../tokens/access-token.ts';
import { authenticate } from '../tokens/authenticate.ts';
import { toPerson } from './person.ts';

export interface MeRoutesOptions {
  readonly accessTokens: AccessTokens;
  readonly sessions: Pick<SessionsStore, 'findPerson'>;
}

export const meRoutes: Routes<MeRoutesOptions> = async (app, { accessTokens, sessions }) => {
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
    async (request) => {
      const { sid } = await authenticate(request, accessTokens);
      const row = await sessions.findPerson(sid);
      if (!row) throw new ProblemError('invalid-token');
      return toPerson(row);
    },
  );
};
