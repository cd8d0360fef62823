import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, sign, verify } from 'node:crypto';
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

/**
 * A PEM or a JWK, as operators have them. Throws, without quoting it, on anything but a private P-256 key, or when the public
 * part that comes with it is another key's: with such a pair every token would be refused that it signed.
 */
export function readPrivateKey(text: string): KeyObject {
  const key = parse(text, createPrivateKey) ?? parse(text, createPublicKey);
  if (key?.type === 'public') throw new TypeError('is a public key: the private one is needed');
  const privateKey = onP256(key);
  const probe = Buffer.from('Does the public part verify what the private part signs?');
  if (!verify('sha256', probe, publicPartOf(privateKey), sign('sha256', probe, privateKey)))
    throw new TypeError('has the public part of another key');
  return privateKey;
}

/** Likewise, of a public key; a private one is taken for its public part. */
export function readPublicKey(text: string): KeyObject {
  return onP256(parse(text, createPublicKey));
}

export async function toKeyPair(privateKey: KeyObject): Promise<KeyPair> {
  const { kty = '', crv = '', x = '', y = '' } = await exportJWK(publicPartOf(privateKey));
  const publicJwk = { kty, crv, x, y };
  return { kid: await calculateJwkThumbprint(publicJwk), publicJwk, privateKey };
}

export function publicPartOf(privateKey: KeyObject): KeyObject {
  return createPublicKey(privateKey);
}

type Create = (input: { key: Record<string, string>; format: 'jwk' } | string) => KeyObject;

function parse(text: string, create: Create): KeyObject | undefined {
  try {
    if (!text.trimStart().startsWith('{')) return create(withLineBreaks(text));
    return create({ key: JSON.parse(text) as Record<string, string>, format: 'jwk' });
  } catch {
    return undefined;
  }
}

function onP256(key: KeyObject | undefined): KeyObject {
  if (!key) throw new TypeError('is not a key in PEM or JWK');
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new TypeError('is not a P-256 key');
  return key;
}

/** Environment files often carry a PEM on one line. */
function withLineBreaks(pem: string): string {
  return pem.replaceAll('\\n', '\n');
}
