import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const nonceLength = 12;
const tagLength = 16;

/** AES-256-GCM: nonce, ciphertext, tag. `context` is bound in, so that a sealed value opens only where it belongs. */
export function seal(key: Uint8Array, plain: Uint8Array | string, context: Uint8Array | string): Buffer {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bytes(context));
  return Buffer.concat([nonce, cipher.update(bytes(plain)), cipher.final(), cipher.getAuthTag()]);
}

/** Throws when the key, the context or the value is not the one that was sealed. */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: Uint8Array | string): Buffer {
  const value = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', key, value.subarray(0, nonceLength), { authTagLength: tagLength })
    .setAAD(bytes(context))
    .setAuthTag(value.subarray(-tagLength));
  return Buffer.concat([decipher.update(value.subarray(nonceLength, -tagLength)), decipher.final()]);
}

/** A key of its own for every purpose, all from one secret (HKDF-SHA256). */
export function deriveKey(secret: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), purpose, 32));
}

function bytes(value: Uint8Array | string): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value) : value;
}
