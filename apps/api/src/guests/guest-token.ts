import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits in base64url. */
export function newGuestToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of it. It is as random as a key, so a plain hash cannot be searched for. */
export function hashGuestToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
