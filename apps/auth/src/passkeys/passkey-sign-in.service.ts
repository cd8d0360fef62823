import { ProblemError } from '@alva/service-kit';
import { type PasskeyAssertion } from '@alva/validation';
import { generateAuthenticationOptions } from '@simplewebauthn/server';
import { type Requester } from '../http/requester.ts';
import { type Entrance, type SignIn } from '../sign-in/entrance.ts';
import { type Stores } from '../stores.ts';
import { passkeyInvalid, verifyAssertion, type RelyingParty, type VerifiedAssertion } from './assertions.ts';
import { type OpenChallenge } from './passkey-challenges.ts';

export interface PasskeySignInOptions {
  readonly stores: Stores;
  readonly entrance: Entrance;
  readonly relyingParty: RelyingParty;
}

export type PasskeySignIn = ReturnType<typeof createPasskeySignIn>;

/** Signing in with a passkey that the browser finds by itself: nobody says first who they are. */
export function createPasskeySignIn({ stores, entrance, relyingParty }: PasskeySignInOptions) {
  /** The same for everybody, whoever exists. */
  function options(challenge: Buffer) {
    return generateAuthenticationOptions({
      rpID: relyingParty.id,
      challenge: Uint8Array.from(challenge),
      userVerification: 'required',
      timeout: 300_000,
    });
  }

  /** Throws `challenge-unknown` and `passkey-invalid`, which says no more whoever's it is. */
  async function signIn(
    assertion: PasskeyAssertion,
    challenge: OpenChallenge | undefined,
    requester: Requester,
  ): Promise<SignIn> {
    return entrance.observe('passkey', requester, async () => {
      if (!challenge) throw new ProblemError('challenge-unknown');
      const credential = await stores.passkeys.findCredential(Buffer.from(assertion.id, 'base64url'));
      if (!credential) throw passkeyInvalid('unknown');
      const refuse = async (reason: string) => {
        const detail = { way: 'passkey', reason, passkey: credential.id };
        await stores.audit.insert({ event: 'sign-in-refused', userId: credential.userId, detail }, requester);
      };
      // What the browser found by itself names its owner (section 7.2, step 6).
      if (!assertion.response.userHandle) throw passkeyInvalid('user-handle');
      let verified: VerifiedAssertion;
      try {
        verified = await verifyAssertion({ assertion, credential, challenge }, relyingParty);
      } catch (error) {
        await refuse('passkey-invalid');
        throw error;
      }
      return enter(verified, requester, refuse);
    });
  }

  async function enter(
    verified: VerifiedAssertion,
    requester: Requester,
    refuse: (reason: string) => Promise<void>,
  ): Promise<SignIn> {
    const outcome: { refusal: Awaited<ReturnType<VerifiedAssertion['spend']>> } = { refusal: null };
    // A passkey that saw its owner is two factors: the device, and what unlocks it.
    const granted = await entrance.enter(['pop', 'user', 'mfa'], requester, async (inside) => {
      const account = await inside.users.lock(verified.credential.userId);
      outcome.refusal = await verified.spend(inside);
      return account && outcome.refusal === null ? { account, redirectTo: null } : undefined;
    });
    if (granted) return granted;
    await refuse(outcome.refusal ?? 'passkey-invalid');
    if (outcome.refusal === 'answered') throw new ProblemError('challenge-unknown');
    throw passkeyInvalid(outcome.refusal ?? 'unknown');
  }

  return { options, signIn };
}
