import { decodeBase64Url } from './base64url.ts';
import { TokenRejected } from './errors.ts';
import { readCompactObject } from './json.ts';

/** RFC 9068 section 2.1. */
const accessTokenType = 'at+jwt';
const members = new Set(['alg', 'kid', 'typ']);
const keyId = /^[A-Za-z0-9._~-]{1,128}$/;

export function isKeyId(value: unknown): value is string {
  return typeof value === 'string' && keyId.test(value);
}

/**
 * Reads the `kid` of a header that is exactly `{alg: "ES256", kid, typ: "at+jwt"}`. Any further member refuses the
 * token: `jku`, `x5u` and `jwk` would let it choose its own key, and an unknown `crit` must not be skipped
 * (RFC 7515 section 4.1, RFC 8725 sections 3.1, 3.10 and 3.11, RFC 9068 section 4).
 * Throws `TokenRejected`.
 */
export function readHeader(segment: string): string {
  const header = readCompactObject(decodeBase64Url(segment));
  if (header === undefined) throw new TokenRejected('malformed');
  if (Object.keys(header).some((name) => !members.has(name))) throw new TokenRejected('header');
  if (header.alg !== 'ES256' || header.typ !== accessTokenType || !isKeyId(header.kid)) {
    throw new TokenRejected('header');
  }
  return header.kid;
}
