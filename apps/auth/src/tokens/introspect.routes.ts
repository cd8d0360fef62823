import { problemResponses, type Routes } from '@alva/service-kit';
import { introspection, presentedTokenForm } from '@alva/validation';
import { type Introspector } from './introspect.service.ts';

/** To be registered in a scope that reads forms and knows the client. */
export const introspectRoutes: Routes<{ introspect: Introspector }> = async (app, { introspect }) => {
  app.post(
    '/auth/introspect',
    {
      config: { rateLimit: false },
      schema: {
        tags: ['services'],
        security: [{ client: [] }],
        summary: 'What a token is worth at this moment (RFC 7662)',
        description:
          'For services that cannot verify tokens themselves, or have to know at once. A refresh token is active as long as it would renew its session; asking spends and ends nothing.',
        consumes: ['application/x-www-form-urlencoded'],
        body: presentedTokenForm,
        response: {
          200: introspection,
          ...problemResponses('invalid-request', 'invalid-client', 'origin-not-allowed', 'unsupported-media-type'),
        },
      },
    },
    async ({ body }) => introspect(body.token),
  );
};
