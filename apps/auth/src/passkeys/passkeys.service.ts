import { ProblemError } from '@alva/service-kit';
import { type AddPasskeyBody, type Passkey } from '@alva/validation';
import {
  generateRegistrationOptions,
  verifyRegistrationResponse,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { describeDevice, type Requester } from '../http/requester.ts';
import { type Notify } from '../mail/notifier.ts';
import { hashSecret } from '../secrets/secret.ts';
import { type Stores } from '../stores.ts';
import { type Caller } from '../tokens/guards.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import { userIdBytes, type RelyingParty } from './assertions.ts';
import { nameAuthenticator } from './authenticators.ts';
import { explainPasskeyFailure, type PasskeyFailure } from './explain-passkey-failure.ts';
import { type OpenChallenge } from './passkey-challenges.ts';
import { passkeyAddedEmail, passkeyRemovedEmail } from './passkey.email.ts';
import { type PasskeyRow } from './passkeys.store.ts';

export interface PasskeysOptions {
  readonly stores: Stores;
  readonly relyingParty: RelyingParty;
  readonly notify: Notify;
  readonly securityUrl: string;
}

/** Of one person; nobody has more devices than this. */
const most = 20;

/** COSE: ES256, EdDSA, RS256 (Windows Hello). */
const algorithms = [-7, -8, -257];

export type Passkeys = ReturnType<typeof createPasskeys>;

/** The person's own passkeys. */
export function createPasskeys({ stores, relyingParty, notify, securityUrl }: PasskeysOptions) {
  return {
    async list({ person }: Caller): Promise<Passkey[]> {
      return (await stores.passkeys.list(person.id)).map(toPasskey);
    },

    /** For `navigator.credentials.create`: one that is found by itself and sees its owner, and none of those there are. */
    async registrationOptions({ person: { id, email, name } }: Caller, challenge: Buffer) {
      const known = await stores.passkeys.listCredentials(id);
      return generateRegistrationOptions({
        rpName: 'Alva',
        rpID: relyingParty.id,
        userID: Uint8Array.from(userIdBytes(id)),
        userName: email,
        userDisplayName: name ?? email,
        challenge: Uint8Array.from(challenge),
        timeout: 300_000,
        attestationType: 'none',
        excludeCredentials: known.map(({ credentialId, transports }) => ({
          id: credentialId.toString('base64url'),
          transports,
        })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        supportedAlgorithmIDs: algorithms,
      });
    },

    /** Throws 422 for what was not made by this browser, here and just now, and `conflict` where there are too many, or it is known. */
    async add(
      caller: Caller,
      { credential: response, name }: AddPasskeyBody,
      challenge: OpenChallenge | undefined,
      requester: Requester,
    ): Promise<Passkey> {
      const { person, sessionId } = caller;
      if (!challenge) throw notMadeHere('challenge');
      const { credential, aaguid, credentialBackedUp } = await verifyRegistration(response, challenge);
      const passkey = {
        credentialId: Buffer.from(credential.id, 'base64url'),
        publicKey: Buffer.from(credential.publicKey),
        signCount: credential.counter,
        transports: credential.transports ?? [],
        name: name ?? nameAuthenticator(aaguid),
        backedUp: credentialBackedUp,
      };
      const added = await stores.atomically(async ({ users, sessions, passkeys }) => {
        await lockCaller({ users, sessions }, caller);
        const isFirst = await passkeys.spendChallenge(hashSecret(challenge.challenge), challenge.expiresAt);
        if (!isFirst) throw notMadeHere('answered');
        return passkeys.insert({ userId: person.id, sessionId }, passkey, most, requester);
      });
      if (!added)
        throw new ProblemError('conflict', { detail: `There are ${most} passkeys already, or this is one of them.` });
      await notify(passkeyAddedEmail(letter(person.email, added.name, requester)), {
        userId: person.id,
        requestId: requester.requestId,
      });
      return toPasskey(added);
    },

    /** Throws `not-found`. */
    async rename({ person }: Caller, id: string, name: string): Promise<Passkey> {
      const renamed = await stores.passkeys.rename(person.id, id, name);
      if (!renamed) throw new ProblemError('not-found');
      return toPasskey(renamed);
    },

    /** Throws `not-found`, and `last-way-in` where nothing else would let its owner in. */
    async remove(caller: Caller, id: string, requester: Requester): Promise<void> {
      const { person, sessionId } = caller;
      const name = await stores.atomically(async ({ users, sessions, passkeys }) => {
        await lockCaller({ users, sessions }, caller);
        const mine = await passkeys.list(person.id);
        if (!mine.some((passkey) => passkey.id === id)) throw new ProblemError('not-found');
        return passkeys.remove({ userId: person.id, sessionId }, id, requester);
      });
      if (name === undefined) {
        const detail = 'Verify your address or add another passkey first.';
        throw new ProblemError('last-way-in', { detail });
      }
      await notify(passkeyRemovedEmail(letter(person.email, name, requester)), {
        userId: person.id,
        requestId: requester.requestId,
      });
    },
  };

  function letter(to: string, name: string, { userAgent }: Requester) {
    return { to, name, device: describeDevice(userAgent), securityUrl };
  }

  async function verifyRegistration(response: AddPasskeyBody['credential'], { challenge }: OpenChallenge) {
    try {
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        // What it reads was checked on its way in; the rest of the type is for browsers.
        response: response as RegistrationResponseJSON,
        expectedChallenge: challenge,
        expectedOrigin: [...relyingParty.origins],
        expectedRPID: relyingParty.id,
        requireUserVerification: true,
        supportedAlgorithmIDs: algorithms,
      });
      if (verified) return registrationInfo;
    } catch (error) {
      throw notMadeHere(explainPasskeyFailure(error));
    }
    throw notMadeHere('signature');
  }
}

/** No 401, as when signing in: the token that came with it is good. */
function notMadeHere(reason: PasskeyFailure): ProblemError {
  const detail = 'was not made in this browser for this page just now: begin again';
  return new ProblemError('validation-failed', { logged: { reason }, errors: [{ pointer: '#/credential', detail }] });
}

function toPasskey({ createdAt, lastUsedAt, ...row }: PasskeyRow): Passkey {
  return {
    ...row,
    createdAt: new Date(createdAt).toISOString(),
    lastUsedAt: lastUsedAt === null ? null : new Date(lastUsedAt).toISOString(),
  };
}
