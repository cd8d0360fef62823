import { problemResponses, type Routes } from '@alva/service-kit';
import { clientProfile } from '@alva/validation';
import { guarded } from '../guard.ts';
import type { ProfilesService } from './profiles.service.ts';

export const profileRoutes: Routes<{ profiles: ProfilesService }> = async (app, { profiles }) => {
  const tags = ['profile'];

  app.get(
    '/user/profile',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'The questionnaire about your business',
        response: { 200: clientProfile, ...problemResponses('authentication-required', 'not-found') },
      },
    },
    async (request) => profiles.get(request.token.sub),
  );

  app.put(
    '/user/profile',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Fill in or change the questionnaire',
        body: clientProfile,
        response: { 200: clientProfile, ...problemResponses('authentication-required', 'validation-failed') },
      },
    },
    async (request) => profiles.put(request.token.sub, request.body),
  );
};
