import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { webOrigin } from './auth.ts';

/** What a page passes on of a passkey, and what the authenticator lies about when asked to. */
export interface Ceremony {
  readonly origin?: string;
  readonly rpId?: string;
  readonly isVerified?: boolean;
  readonly signCount?: number;
  readonly type?: string;
}

export interface CreationOptions {
  readonly challenge: string;
  readonly user: { readonly id: string };
}

/** A passkey in software (WebAuthn level 3, section 6): ES256, found by itself, attests to nothing. */
export function createAuthenticator({ rpId: home = 'localhost' } = {}) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = randomBytes(32);
  const id = credentialId.toString('base64url');
  let userHandle = '';

  const common = { id, rawId: id, type: 'public-key', clientExtensionResults: {} };

  function clientData(type: string, challenge: string, { origin = webOrigin }: Ceremony): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  function authenticatorData({ rpId = home, isVerified = true, signCount = 0 }: Ceremony, attested?: Buffer): Buffer {
    const flags = 0b0001 | (isVerified ? 0b0100 : 0) | (attested ? 0b0100_0000 : 0);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(signCount);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count, ...(attested ? [attested] : [])]);
  }

  return {
    id,

    create({ challenge, user }: CreationOptions, ceremony: Ceremony = {}) {
      userHandle = user.id;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credentialId.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, credentialId, coseKey(publicKey)]);
      const authData = Uint8Array.from(authenticatorData(ceremony, attested));
      const attestation = new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]);
      return {
        ...common,
        response: {
          clientDataJSON: clientData(ceremony.type ?? 'webauthn.create', challenge, ceremony).toString('base64url'),
          attestationObject: Buffer.from(isoCBOR.encode(attestation as never)).toString('base64url'),
          transports: ['internal'],
        },
      };
    },

    get({ challenge }: { challenge: string }, ceremony: Ceremony = {}) {
      const data = clientData(ceremony.type ?? 'webauthn.get', challenge, ceremony);
      const authData = authenticatorData(ceremony);
      const signature = sign('sha256', Buffer.concat([authData, sha256(data)]), privateKey);
      return {
        ...common,
        response: {
          clientDataJSON: data.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle,
        },
      };
    },
  };
}

export type Authenticator = ReturnType<typeof createAuthenticator>;

/** RFC 9052, section 7, for ES256. */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'base64url'));
  const key = new Map<number, unknown>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, bytes(x)],
    [-3, bytes(y)],
  ]);
  return Buffer.from(isoCBOR.encode(key as never));
}

function sha256(data: Buffer | string): Buffer {
  return createHash('sha256').update(data).digest();
}
