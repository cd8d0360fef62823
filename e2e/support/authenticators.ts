import { createHmac } from 'node:crypto';
import { type BrowserContext, type Page } from 'playwright-core';

/** What tests do at the device that holds passkeys. */
export interface PasskeyDevice {
  countPasskeys(): Promise<number>;
}

/** Chromium's own virtual authenticator: built into the device, keeps passkeys, verifies its user, who touches it at once. */
export async function addPasskeyDevice(context: BrowserContext, page: Page): Promise<PasskeyDevice> {
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    countPasskeys: async () => (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
  };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator app shows (RFC 6238), `steps` of 30 seconds from now. */
export function appCode(secret: string, steps = 0): string {
  const bits = Array.from(secret.replace(/\s/g, '')).map((letter) =>
    alphabet.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const key = Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac('sha1', key).update(counter).digest();
  const offset = hash.readUInt8(hash.length - 1) & 0xf;
  return String((hash.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}
