import { decodeBase64Url } from './base64url.ts';
import { TokenRejected } from './errors.ts';
import { readCompactObject } from './json.ts';

/**
 * The claims of a token that was verified (RFC 9068 section 2.2 without `client_id`, with `sid` of OpenID Connect).
 * Times are seconds since the epoch. Frozen, because one object serves every request that shows the token.
 */
export interface VerifiedToken {
  readonly iss: string;
  readonly aud: string;
  /** The person, a UUID that never changes. */
  readonly sub: string;
  /** The session, a UUID. */
  readonly sid: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly email: string;
  /** What the person may be, such as `user` and `admin`. Names you do not know grant nothing. */
  readonly roles: readonly string[];
  /** How the person signed in (RFC 8176). */
  readonly amr: readonly string[];
  /** When the person signed in. */
  readonly auth_time: number;
  readonly type: 'access';
}

/** Clocks of two machines may be this far apart, in seconds. */
export const clockSkew = 30;

export interface ExpectedClaims {
  readonly issuer: string;
  readonly audience: string;
  /** Seconds. */
  readonly maximumLifetime: number;
}

// RFC 9562 section 4, with the nil and max UUIDs of sections 5.9 and 5.10.
const uuid =
  /^(?:[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}|0{8}-0{4}-0{4}-0{4}-0{12}|f{8}-f{4}-f{4}-f{4}-f{12})$/i;
const shortName = /^[\w.:-]{1,64}$/;

/**
 * Reads the payload segment and checks every claim that does not change while the token lives
 * (RFC 9068 section 4, RFC 7519 section 4.1). Throws `TokenRejected`.
 *
 * @param now milliseconds since the epoch
 */
export function readClaims(segment: string, expected: ExpectedClaims, now: number): VerifiedToken {
  const payload = readCompactObject(decodeBase64Url(segment));
  if (payload === undefined) throw new TokenRejected('malformed');
  const claims = pickClaims(payload);
  if (claims === undefined) throw new TokenRejected('claims');
  if (claims.iss !== expected.issuer) throw new TokenRejected('issuer');
  if (claims.aud !== expected.audience) throw new TokenRejected('audience');
  const lifetime = claims.exp - claims.iat;
  if (lifetime <= 0 || lifetime > expected.maximumLifetime) throw new TokenRejected('lifetime');
  if (Math.max(claims.iat, notBefore(payload)) > now / 1000 + clockSkew) throw new TokenRejected('not-yet-valid');
  refuseExpired(claims, now);
  return claims;
}

/** @param now milliseconds since the epoch */
export function refuseExpired(claims: Pick<VerifiedToken, 'exp'>, now: number): void {
  if (now >= (claims.exp + clockSkew) * 1000) throw new TokenRejected('expired');
}

/** Auth never sends `nbf`, but whoever does means it (RFC 7519 section 4.1.5). */
function notBefore({ nbf = 0 }: Record<string, unknown>): number {
  if (!Number.isSafeInteger(nbf)) throw new TokenRejected('claims');
  return nbf as number;
}

/** Takes over what is known and typed as it should be, claim by claim: nothing else of the payload gets any further. */
function pickClaims(payload: Record<string, unknown>): VerifiedToken | undefined {
  const { iss, aud, sub, sid, jti, iat, exp, email, roles, amr, auth_time, type } = payload;
  if (!isText(iss) || !isText(aud) || !isText(jti) || !isText(email) || type !== 'access') return undefined;
  if (!isUuid(sub) || !isUuid(sid) || !isTime(iat) || !isTime(exp) || !isTime(auth_time)) return undefined;
  if (!areNames(roles) || !areNames(amr)) return undefined;
  return Object.freeze({
    iss,
    aud,
    sub,
    sid,
    jti,
    iat,
    exp,
    email,
    auth_time,
    type,
    roles: Object.freeze(roles),
    amr: Object.freeze(amr),
  });
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && uuid.test(value);
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** Not a list of the names of today: a service that was installed last year must not lock everyone out over a new one. */
function areNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string' && shortName.test(name));
}
