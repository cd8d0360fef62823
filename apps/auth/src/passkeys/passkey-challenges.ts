import { randomBytes } from 'node:crypto';
import { type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Cookie } from '../http/cookies.ts';
import { deriveKey, seal, unseal } from '../secrets/seal.ts';

/** Seconds in which a passkey has to be shown; a page that offers it for longer asks for another challenge. */
const lifetime = 300;

/** What a challenge is for, and for whom: a person who adds a passkey, a session that steps up, nobody yet. */
export type ChallengePurpose =
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'add'; readonly userId: string }
  | { readonly kind: 'step-up'; readonly sessionId: string };

export interface OpenChallenge {
  /** Base64url, as the authenticator signs it. */
  readonly challenge: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const contents = z.object({ challenge: z.string(), purpose: z.string(), expiresAt: z.number() });
const context = 'passkey challenge';

export type PasskeyChallenges = ReturnType<typeof createPasskeyChallenges>;

export interface PasskeyChallengesOptions {
  readonly keyEncryptionKey: Uint8Array;
  readonly cookie: Cookie;
  readonly now: () => number;
}

/**
 * A challenge (WebAuthn level 3, section 13.4.3) is kept sealed in the browser that asked for it, and so is bound to it:
 * the sign-in page asks each time it is shown, and whoever only looks at it shall not make us store anything. The store
 * remembers those that were answered, which makes them good once.
 */
export function createPasskeyChallenges({ keyEncryptionKey, cookie, now }: PasskeyChallengesOptions) {
  const key = deriveKey(keyEncryptionKey, 'alva passkey challenges');

  return {
    cookie,

    /** A new challenge, and the cookie that goes with it. */
    make(purpose: ChallengePurpose): { challenge: Buffer; setCookie: string } {
      const challenge = randomBytes(32);
      const text = JSON.stringify({
        challenge: challenge.toString('base64url'),
        purpose: describe(purpose),
        expiresAt: now() + lifetime * 1000,
      });
      return { challenge, setCookie: cookie.write(seal(key, text, context).toString('base64url'), lifetime) };
    },

    /** The challenge of this browser, if it has one for just this and in time. */
    open({ headers }: Pick<FastifyRequest, 'headers'>, purpose: ChallengePurpose): OpenChallenge | undefined {
      // Of two values one was planted: then neither counts.
      const [value, ...others] = cookie.read(headers.cookie);
      if (value === undefined || others.length > 0) return undefined;
      const opened = read(value);
      if (opened?.purpose !== describe(purpose) || opened.expiresAt <= now()) return undefined;
      return { challenge: opened.challenge, expiresAt: opened.expiresAt };
    },
  };

  function read(value: string): z.output<typeof contents> | undefined {
    try {
      return contents.parse(JSON.parse(unseal(key, Buffer.from(value, 'base64url'), context).toString()));
    } catch {
      return undefined;
    }
  }
}

function describe(purpose: ChallengePurpose): string {
  if (purpose.kind === 'add') return `add ${purpose.userId}`;
  return purpose.kind === 'step-up' ? `step-up ${purpose.sessionId}` : 'sign-in';
}
