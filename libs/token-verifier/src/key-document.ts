import { createPublicKey, type KeyObject } from 'node:crypto';
import { decodeBase64Url } from './base64url.ts';
import { isObject } from './json.ts';
import { isKeyId } from './token-header.ts';

export interface VerificationKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
}

/** More keys than any ring holds; a longer document is not ours. */
const maximumKeys = 32;

/**
 * Picks the ES256 verification keys out of a JWK Set (RFC 7517 section 5: unknown kinds are skipped).
 * Throws when the document holds none or gives one `kid` to two keys, so that the caller keeps what it had.
 */
export function readKeyDocument(text: string): VerificationKey[] {
  const document: unknown = JSON.parse(text);
  const listed: unknown = isObject(document) ? document.keys : undefined;
  if (!Array.isArray(listed) || listed.length > maximumKeys) throw new Error('not a JWK Set');
  const keys = listed.map(readKey).filter((key) => key !== undefined);
  if (keys.length === 0) throw new Error('the JWK Set holds no ES256 key');
  if (new Set(keys.map((key) => key.kid)).size !== keys.length) throw new Error('the JWK Set repeats a kid');
  return keys;
}

function readKey(jwk: unknown): VerificationKey | undefined {
  if (!isObject(jwk) || jwk.kty !== 'EC' || jwk.crv !== 'P-256' || !isKeyId(jwk.kid)) return undefined;
  // RFC 7517 section 4: use, key_ops and alg are optional, but when they are there they are meant.
  if (jwk.use !== undefined && jwk.use !== 'sig') return undefined;
  if (jwk.alg !== undefined && jwk.alg !== 'ES256') return undefined;
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify'))) return undefined;
  // A published private part is a key that anyone signs with.
  if (jwk.d !== undefined || !isCoordinate(jwk.x) || !isCoordinate(jwk.y)) return undefined;
  try {
    const key = { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y };
    return { kid: jwk.kid, publicKey: createPublicKey({ key, format: 'jwk' }) };
  } catch {
    return undefined; // not a point of the curve
  }
}

/** RFC 7518 section 6.2.1.2: all 32 bytes, leading zeros included. */
function isCoordinate(value: unknown): value is string {
  return typeof value === 'string' && decodeBase64Url(value)?.length === 32;
}
