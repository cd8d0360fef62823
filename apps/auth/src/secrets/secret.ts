import { createHash, randomBytes, randomFillSync, randomInt } from 'node:crypto';

/** 256 random bits in base64url: link tokens, refresh tokens, browser bindings, secrets of clients. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a secret. It is as random as a key, so a plain hash cannot be searched for. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** True for what `newSecret` could have made; the last of the 43 characters carries four bits only. */
export function isSecret(value: string): boolean {
  return /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(value);
}

/** Without 0 O 1 I L 5 S 2 Z 8 B U V: nothing that looks or sounds like another in a hurry. */
const codeAlphabet = '34679ACDEFGHJKMNPQRTWXY';

/** Characters to be typed, 4.5 bits each. Six are 148 million possibilities, of which five may be tried. */
export function newCode(length = 6): string {
  let code = '';
  const random = Buffer.alloc(16);
  while (code.length < length) {
    for (const byte of randomFillSync(random)) {
      // Bytes above the last whole multiple would favour the first letters.
      if (byte < 253 && code.length < length) code += codeAlphabet.charAt(byte % codeAlphabet.length);
    }
  }
  return code;
}

/** Two digits to be compared by a person. They keep nobody out alone: who types them has a secret to show besides. */
export function newNumber(): string {
  return String(randomInt(10, 100));
}
