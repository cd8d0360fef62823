import { createPrivateKey, type KeyObject } from 'node:crypto';
import { ConfigError } from '@alva/service-kit';
import { deriveKey, seal, unseal } from '../secrets/seal.ts';
import { type KeyPair } from './key-pair.ts';
import { type NewKey, type Ring, type StoredKey } from './signing-keys.store.ts';

/** Seals the private parts of signing keys, each bound to its `kid`. */
export interface KeySeal {
  seal(pair: KeyPair): NewKey;
  /** Throws a ConfigError when the key was sealed under another KEY_ENCRYPTION_KEY, or for another `kid`. */
  open(key: StoredKey): KeyObject;
}

export function createKeySeal(keyEncryptionKey: Uint8Array): KeySeal {
  const sealingKey = deriveKey(keyEncryptionKey, 'alva signing keys');
  return {
    seal({ kid, publicJwk, privateKey }) {
      const der = privateKey.export({ type: 'pkcs8', format: 'der' });
      return { kid, publicJwk, privateSealed: seal(sealingKey, der, kid) };
    },

    open({ kid, state, privateSealed }) {
      if (!privateSealed) throw new Error(`The ${state} signing key has no private part`);
      let der: Buffer;
      try {
        der = unseal(sealingKey, privateSealed, kid);
      } catch (cause) {
        throw new ConfigError(wrongKey, { cause });
      }
      return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    },
  };
}

/** Refuses, as `open` does, a ring of which any private part cannot be opened. */
export function proveOpens(seal: KeySeal, { keys }: Ring): void {
  for (const key of keys) if (key.privateSealed) seal.open(key);
}

export function isOpenedBy(seal: KeySeal, ring: Ring): boolean {
  try {
    proveOpens(seal, ring);
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

const wrongKey =
  'KEY_ENCRYPTION_KEY does not open the signing keys in this database. Fix: set the one they were sealed with; ' +
  'if it was changed, run "npm run keys -- reseal" with the one before as OLD_KEY_ENCRYPTION_KEY; ' +
  'if it is lost, run "npm run keys -- replace --yes", which removes them all and makes new ones.';
