import { createHash } from 'node:crypto';
import { newCode } from '../secrets/secret.ts';

const howMany = 10;

/** `ABCDE-FGHJK-…`: 90 random bits in letters and digits that nobody mistakes for one another. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: howMany }, newRecoveryCode);
}

/**
 * What is stored. A plain hash, because 90 random bits cannot be searched for, and no key, because these codes are what
 * is left when KEY_ENCRYPTION_KEY is lost. The owner's id is bound in: no code is good for anybody else, and no search
 * serves for two people.
 */
export function hashRecoveryCode(userId: string, code: string): Buffer {
  return createHash('sha256')
    .update(`${userId}:${code.replaceAll('-', '')}`)
    .digest();
}

function newRecoveryCode(): string {
  const characters = newCode(20);
  return characters.replace(/.{5}(?=.)/g, '$&-');
}
