import { accessTokenType } from '@alva/validation';
import { decodeBase64Url } from './base64url.ts';
import { TokenRejected } from './errors.ts';

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
  const text = decodeBase64Url(segment)?.toString('utf8');
  const header = text === undefined ? undefined : parseObject(text);
  if (text === undefined || header === undefined) throw new TokenRejected('malformed');
  // Compact JSON has one spelling per order of members, which leaves no room for repeated names or escapes.
  if (JSON.stringify(header) !== text) throw new TokenRejected('header');
  if (Object.keys(header).some((name) => !members.has(name))) throw new TokenRejected('header');
  if (header.alg !== 'ES256' || header.typ !== accessTokenType || !isKeyId(header.kid)) {
    throw new TokenRejected('header');
  }
  return header.kid;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
