import { authenticationMethods } from '@alva/shared-types';
import { z } from 'zod';
import { identifier } from './primitives.ts';

/**
 * Form of `POST /auth/introspect` (RFC 7662 section 2.1) and `POST /auth/revoke` (RFC 7009 section 2.1). Not strict: both
 * have unknown parameters ignored.
 */
export const presentedTokenForm = z
  .object({
    token: z.string().describe('An access token or a refresh token'),
    token_type_hint: z.string().optional().describe('`access_token` or `refresh_token`; a token is recognised without'),
    client_id: z.string().optional().describe('For `client_secret_post`'),
    client_secret: z.string().optional().describe('For `client_secret_post`'),
  })
  .meta({ id: 'PresentedToken' });

const seconds = z.number().int();

/** Answer of `POST /auth/introspect` (RFC 7662 section 2.2): of a token that is of no use nothing else is said. */
export const introspection = z
  .discriminatedUnion('active', [
    z.object({
      active: z.literal(true),
      token_type: z
        .enum(['Bearer', 'refresh_token'])
        .describe('`Bearer`: an access token. `refresh_token`: never accept it as one'),
      iss: z.string(),
      sub: identifier,
      aud: z.string().describe('`alva` of an access token, the issuer itself of a refresh token'),
      sid: identifier,
      jti: z.string().optional().describe('Of access tokens'),
      username: z.string().describe('The person’s e-mail address'),
      scope: z.string().describe('The roles that the person has at this moment, separated by spaces'),
      amr: z.array(z.enum(authenticationMethods)),
      auth_time: seconds.describe('When the person signed in, in seconds since 1970'),
      iat: seconds,
      exp: seconds,
    }),
    z.object({ active: z.literal(false) }),
  ])
  .meta({
    id: 'Introspection',
    examples: [
      {
        active: true,
        token_type: 'Bearer',
        iss: 'https://auth.example.com',
        sub: '0199aaaa-0000-7000-8000-000000000001',
        aud: 'alva',
        sid: '0199aaaa-0000-7000-8000-000000000002',
        jti: '0199aaaa-0000-7000-8000-000000000003',
        username: 'mara@example.com',
        scope: 'user admin',
        amr: ['email'],
        auth_time: 1_799_996_400,
        iat: 1_800_000_000,
        exp: 1_800_000_900,
      },
      { active: false },
    ],
  });
export type Introspection = z.infer<typeof introspection>;
