import { type Routes } from '@alva/service-kit';
import { z } from 'zod';
import { type KeyRing } from './key-ring.ts';

const jwk = z.object({
  kty: z.string(),
  crv: z.string(),
  x: z.string(),
  y: z.string(),
  kid: z.string(),
  use: z.string(),
  alg: z.string(),
});

const metadata = z.object({
  issuer: z.string(),
  jwks_uri: z.string(),
  service_documentation: z.string(),
  response_types_supported: z.array(z.string()),
  grant_types_supported: z.array(z.string()),
});

const tags = ['keys'];

export const wellKnownRoutes: Routes<{ keyRing: KeyRing; issuer: string }> = async (app, { keyRing, issuer }) => {
  // Only what is true: no client can be registered and no grant asked for here. What is of use is who issues and where the keys are.
  const document = {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    service_documentation: `${issuer}/reference`,
    response_types_supported: [],
    grant_types_supported: [],
  };

  app.get(
    '/.well-known/jwks.json',
    { schema: { tags, summary: 'Public keys of access tokens', response: { 200: z.object({ keys: z.array(jwk) }) } } },
    async (_request, reply) => reply.header('cache-control', 'public, max-age=300').send(keyRing.jwks()),
  );

  for (const name of ['openid-configuration', 'oauth-authorization-server']) {
    app.get(
      `/.well-known/${name}`,
      { schema: { tags, summary: 'Where the keys of this issuer are', response: { 200: metadata } } },
      async (_request, reply) => reply.header('cache-control', 'public, max-age=3600').send(document),
    );
  }
};
