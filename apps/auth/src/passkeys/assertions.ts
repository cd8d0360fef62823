import { ProblemError } from '@alva/service-kit';
import { type PasskeyAssertion } from '@alva/validation';
import { verifyAuthenticationResponse, type AuthenticationResponseJSON } from '@simplewebauthn/server';
import { hashSecret } from '../secrets/secret.ts';
import { type StoresInside } from '../stores.ts';
import { explainPasskeyFailure, type PasskeyFailure } from './explain-passkey-failure.ts';
import { type OpenChallenge } from './passkey-challenges.ts';
import { type StoredCredential } from './passkeys.store.ts';

/** The party that passkeys are made for and signed for (WebAuthn level 3, section 4, "relying party identifier"). */
export interface RelyingParty {
  readonly id: string;
  /** Of the pages on which they may be used. */
  readonly origins: readonly string[];
}

/** A signature that is right. What it proves is spent with it. */
export interface VerifiedAssertion {
  readonly credential: StoredCredential;
  /**
   * Within the transaction of whoever asked for the challenge: spends it. Null when that worked, else why not: it was
   * answered before, or there are two of this passkey.
   */
  spend(inside: Pick<StoresInside, 'passkeys'>): Promise<'answered' | 'sign-count' | null>;
}

export interface AssertionToVerify {
  readonly assertion: PasskeyAssertion;
  readonly credential: StoredCredential;
  readonly challenge: OpenChallenge;
}

/**
 * Verifies a signature (WebAuthn level 3, section 7.2) by a passkey that saw its owner. Changes nothing. Throws
 * `passkey-invalid`.
 */
export async function verifyAssertion(
  { assertion, credential, challenge }: AssertionToVerify,
  { id, origins }: RelyingParty,
): Promise<VerifiedAssertion> {
  const { userHandle } = assertion.response;
  if (userHandle && userHandle !== toUserHandle(credential.userId)) throw passkeyInvalid('user-handle');
  const { newCounter: signCount, credentialBackedUp: backedUp } = await verify();
  return {
    credential,
    async spend({ passkeys }) {
      const isFirst = await passkeys.spendChallenge(hashSecret(challenge.challenge), challenge.expiresAt);
      if (!isFirst) return 'answered';
      return (await passkeys.use(credential.id, { signCount, backedUp })) ? null : 'sign-count';
    },
  };

  async function verify() {
    try {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        // What it reads was checked on its way in; the rest of the type is for browsers.
        response: assertion as AuthenticationResponseJSON,
        expectedChallenge: challenge.challenge,
        expectedOrigin: [...origins],
        expectedRPID: id,
        requireUserVerification: true,
        // The count is judged where it is written, by the row as it is then.
        credential: { id: assertion.id, publicKey: Uint8Array.from(credential.publicKey), counter: 0 },
      });
      if (verified) return authenticationInfo;
    } catch (error) {
      throw passkeyInvalid(explainPasskeyFailure(error));
    }
    throw passkeyInvalid('signature');
  }
}

/** Says no more to whoever sent it; the log has the reason. */
export function passkeyInvalid(reason: PasskeyFailure): ProblemError {
  return new ProblemError('passkey-invalid', { logged: { reason } });
}

/** What a passkey keeps of its owner (section 5.4.3): the identifier, which says nothing about anybody. */
export function toUserHandle(userId: string): string {
  return userIdBytes(userId).toString('base64url');
}

export function userIdBytes(userId: string): Buffer {
  return Buffer.from(userId.replaceAll('-', ''), 'hex');
}
