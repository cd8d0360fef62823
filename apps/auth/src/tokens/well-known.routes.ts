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

const uri = z.url();
const authMethods = z.array(z.enum(['client_secret_basic', 'client_secret_post']));

/** RFC 8414 section 2; the two addresses of revocations are our own (the RFC lets others be added). */
const metadata = z.object({
  issuer: uri,
  jwks_uri: uri,
  introspection_endpoint: uri,
  introspection_endpoint_auth_methods_supported: authMethods,
  revocation_endpoint: uri,
  revocation_endpoint_auth_methods_supported: authMethods,
  session_revocations_uri: uri.describe('Sessions whose access tokens are to be refused'),
  session_revocation_events_uri: uri.describe('The same as an event stream'),
  service_documentation: uri,
  response_types_supported: z.array(z.string()),
  grant_types_supported: z.array(z.string()),
});

const tags = ['keys'];

export const wellKnownRoutes: Routes<{ keyRing: KeyRing; issuer: string }> = async (app, { keyRing, issuer }) => {
  const document: z.infer<typeof metadata> = {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    introspection_endpoint: `${issuer}/auth/introspect`,
    introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    revocation_endpoint: `${issuer}/auth/revoke`,
    revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    session_revocations_uri: `${issuer}/auth/revocations`,
    session_revocation_events_uri: `${issuer}/auth/revocations/events`,
    service_documentation: `${issuer}/reference`,
    // Nobody asks for a grant here. Left out, as empty members should be, they would claim the defaults (RFC 8414 section 2).
    response_types_supported: [],
    grant_types_supported: [],
  };

  app.get(
    '/.well-known/jwks.json',
    {
      config: { published: true },
      schema: { tags, summary: 'Public keys of access tokens', response: { 200: z.object({ keys: z.array(jwk) }) } },
    },
    async (_request, reply) => reply.header('cache-control', 'public, max-age=300').send(keyRing.jwks()),
  );

  for (const name of ['openid-configuration', 'oauth-authorization-server']) {
    app.get(
      `/.well-known/${name}`,
      {
        config: { published: true },
        schema: { tags, summary: 'What this issuer offers to services', response: { 200: metadata } },
      },
      async (_request, reply) => reply.header('cache-control', 'public, max-age=3600').send(document),
    );
  }
};
