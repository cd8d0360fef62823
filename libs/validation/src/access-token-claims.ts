import { authenticationMethods, roles } from '@alva/shared-types';
import { z } from 'zod';
import { identifier } from './primitives.ts';

/** The `aud` of access tokens: the resource servers of this installation (RFC 9068 section 2.2). */
export const accessTokenAudience = 'alva';

/** The `typ` header of access tokens (RFC 9068 section 2.1). */
export const accessTokenType = 'at+jwt';

/** Payload of an access token (RFC 9068 section 2.2 without `client_id`, with `sid` of OpenID Connect). Times are seconds. */
export const accessTokenClaims = z.object({
  iss: z.string(),
  aud: z.string(),
  sub: identifier,
  sid: identifier,
  jti: z.string(),
  iat: z.number().int(),
  exp: z.number().int(),
  email: z.string(),
  roles: z.array(z.enum(roles)),
  amr: z.array(z.enum(authenticationMethods)),
  auth_time: z.number().int(),
  type: z.literal('access'),
});
export type AccessTokenClaims = z.infer<typeof accessTokenClaims>;
