import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import { type PublicJwk } from './signing-keys.store.ts';

export interface KeyPair {
  /** RFC 7638 thumbprint: the same key has the same name wherever it is imported. */
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  readonly privateKey: KeyObject;
}

export async function generateSigningKey(): Promise<KeyPair> {
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  return toKeyPair(privateKey);
}

/** A PEM or a JWK, as operators have them. Throws, without quoting it, on anything but a private P-256 key. */
export function readPrivateKey(text: string): KeyObject {
  return read(() =>
    text.trimStart().startsWith('{')
      ? createPrivateKey({ key: JSON.parse(text) as Record<string, string>, format: 'jwk' })
      : createPrivateKey(withLineBreaks(text)),
  );
}

export function readPublicKey(text: string): KeyObject {
  return read(() =>
    text.trimStart().startsWith('{')
      ? createPublicKey({ key: JSON.parse(text) as Record<string, string>, format: 'jwk' })
      : createPublicKey(withLineBreaks(text)),
  );
}

export async function toKeyPair(privateKey: KeyObject): Promise<KeyPair> {
  const { kty = '', crv = '', x = '', y = '' } = await exportJWK(publicPartOf(privateKey));
  const publicJwk = { kty, crv, x, y };
  return { kid: await calculateJwkThumbprint(publicJwk), publicJwk, privateKey };
}

export function publicPartOf(privateKey: KeyObject): KeyObject {
  return createPublicKey(privateKey);
}

function read(parse: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = parse();
  } catch {
    throw new TypeError('is not a key in PEM or JWK');
  }
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new TypeError('is not a P-256 key');
  return key;
}

/** Environment files often carry a PEM on one line. */
function withLineBreaks(pem: string): string {
  return pem.replaceAll('\\n', '\n');
}
