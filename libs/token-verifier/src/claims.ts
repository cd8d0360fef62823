import { accessTokenClaims, type AccessTokenClaims } from '@alva/validation';
import { z } from 'zod';
import { decodeBase64Url } from './base64url.ts';
import { TokenRejected } from './errors.ts';

/** The claims of a token that was verified. Frozen, because one object serves every request that shows the token. */
export type VerifiedToken = Readonly<
  Omit<AccessTokenClaims, 'roles' | 'amr'> & {
    roles: readonly AccessTokenClaims['roles'][number][];
    amr: readonly AccessTokenClaims['amr'][number][];
  }
>;

/** Clocks of two machines may be this far apart, in seconds. */
export const clockSkew = 30;

export interface ExpectedClaims {
  issuer: string;
  audience: string;
  /** Seconds. */
  maximumLifetime: number;
}

// Auth never sends `nbf`, but whoever does means it (RFC 7519 section 4.1.5).
const claimsSchema = accessTokenClaims.extend({ nbf: z.number().int().optional() });

/**
 * Parses the payload segment and checks every claim that does not change while the token lives
 * (RFC 9068 section 4, RFC 7519 section 4.1). Throws `TokenRejected`.
 *
 * @param now milliseconds since the epoch
 */
export function readClaims(segment: string, expected: ExpectedClaims, now: number): VerifiedToken {
  const bytes = decodeBase64Url(segment);
  if (bytes === undefined) throw new TokenRejected('malformed');
  const { nbf, ...claims } = parse(bytes.toString('utf8'));
  if (claims.iss !== expected.issuer) throw new TokenRejected('issuer');
  if (claims.aud !== expected.audience) throw new TokenRejected('audience');
  const lifetime = claims.exp - claims.iat;
  if (lifetime <= 0 || lifetime > expected.maximumLifetime) throw new TokenRejected('lifetime');
  const latestStart = now / 1000 + clockSkew;
  if (claims.iat > latestStart || (nbf ?? 0) > latestStart) throw new TokenRejected('not-yet-valid');
  refuseExpired(claims, now);
  return Object.freeze({ ...claims, roles: Object.freeze(claims.roles), amr: Object.freeze(claims.amr) });
}

/** @param now milliseconds since the epoch */
export function refuseExpired(claims: { exp: number }, now: number): void {
  if (now >= (claims.exp + clockSkew) * 1000) throw new TokenRejected('expired');
}

function parse(text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TokenRejected('malformed');
  }
  const result = claimsSchema.safeParse(value);
  if (!result.success) throw new TokenRejected('claims');
  return result.data;
}
