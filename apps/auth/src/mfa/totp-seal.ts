import { deriveKey, seal, unseal } from '../secrets/seal.ts';

export interface TotpSeal {
  seal(userId: string, secret: Buffer): Buffer;
  /** Undefined when it was sealed under another KEY_ENCRYPTION_KEY, or for somebody else. */
  open(userId: string, sealed: Buffer): Buffer | undefined;
}

/** Whoever reads a secret can make its codes for good, so none lies open in the database. Each is bound to its owner. */
export function createTotpSeal(keyEncryptionKey: Uint8Array): TotpSeal {
  const key = deriveKey(keyEncryptionKey, 'alva authenticator secrets');
  return {
    seal: (userId, secret) => seal(key, secret, userId),
    open(userId, sealed) {
      try {
        return unseal(key, sealed, userId);
      } catch {
        return undefined;
      }
    },
  };
}
