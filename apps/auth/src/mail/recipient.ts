import { createHmac } from 'node:crypto';
import { deriveKey } from '../secrets/seal.ts';

/** What is kept of an address that a mail went to. */
export type HashRecipient = (address: string) => Buffer;

/** Keyed, because addresses can be guessed; in lower case, because nearly every mailbox is one in any. */
export function createRecipientHash(keyEncryptionKey: Uint8Array): HashRecipient {
  const key = deriveKey(keyEncryptionKey, 'alva mail recipients');
  return (address) => createHmac('sha256', key).update(address.toLowerCase()).digest();
}
