import { HOTP, Secret, TOTP } from 'otpauth';

const period = 30;
const digits = 6;
const algorithm = 'SHA1';

/** 160 random bits, as RFC 4226 (section 4, R6) recommends. */
export function newTotpSecret(): Buffer {
  return Buffer.from(new Secret({ size: 20 }).bytes);
}

/** The secret as it is typed: base32 without padding. */
export function toBase32(secret: Buffer): string {
  return secretOf(secret).base32;
}

/** What authenticator apps read from a QR code. SHA-1, six digits and 30 s are what all of them know. */
export function otpauthUri(secret: Buffer, { issuer, account }: { issuer: string; account: string }): string {
  return new TOTP({ issuer, label: account, secret: secretOf(secret), algorithm, digits, period }).toString();
}

/**
 * The time step (RFC 6238, section 4.2) that a code belongs to: the present one, the one before or the one after, for clocks
 * that differ and people who are slow (section 5.2). Null for a code of none of them. `at` is milliseconds since 1970.
 */
export function findStep(secret: Buffer, code: string, at: number): number | null {
  const present = Math.floor(at / 1000 / period);
  const delta = HOTP.validate({
    token: code,
    secret: secretOf(secret),
    algorithm,
    digits,
    counter: present,
    window: 1,
  });
  return delta === null ? null : present + delta;
}

function secretOf(secret: Buffer): Secret {
  // A copy: the library takes the whole of the buffer that a small one is a part of.
  return new Secret({ buffer: Uint8Array.from(secret).buffer });
}
