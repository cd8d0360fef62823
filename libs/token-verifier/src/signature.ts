import { type KeyObject, verify } from 'node:crypto';
import { decodeBase64Url } from './base64url.ts';

/** Order of the group of P-256 (FIPS 186-5, SP 800-186 section 3.2.1.3). */
const groupOrder = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
const zero = Buffer.alloc(32);

/**
 * Verifies ES256 (RFC 7518 section 3.4): the signature segment is r and s of 32 bytes each.
 * OpenSSL refuses r or s outside [1, n-1] itself; it is checked here too because a verifier that forgot it accepted
 * a blank signature for any message under any key (CVE-2022-21449).
 */
export function isSignedBy(key: KeyObject, signed: string, signature: string): boolean {
  const bytes = decodeBase64Url(signature);
  if (bytes?.length !== 64 || !isScalar(bytes.subarray(0, 32)) || !isScalar(bytes.subarray(32))) return false;
  return verify('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, bytes);
}

/** Whether r or s is in [1, n-1]. */
export function isScalar(bytes: Buffer): boolean {
  return Buffer.compare(bytes, zero) > 0 && Buffer.compare(bytes, groupOrder) < 0;
}
