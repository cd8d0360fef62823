import { z } from 'zod';
import { deriveKey, seal, unseal } from '../secrets/seal.ts';

const contents = z.object({
  mail: z.object({
    to: z.string(),
    subject: z.string(),
    text: z.string(),
    html: z.string(),
    link: z.string().nullable(),
    code: z.string().nullable(),
  }),
  /** Milliseconds since 1970; after this the mail is of no use to anyone. */
  expiresAt: z.number(),
});
export type MailContents = z.infer<typeof contents>;

export interface MailSeal {
  seal(id: string, contents: MailContents): string;
  /** Throws on anything that was not sealed here under this id. */
  unseal(id: string, sealed: string): MailContents;
}

/** Mails wait in a queue whose rows anyone with a database dump can read, and their links open sessions. */
export function createMailSeal(keyEncryptionKey: Uint8Array): MailSeal {
  const key = deriveKey(keyEncryptionKey, 'alva queued mail');
  return {
    seal: (id, value) => seal(key, JSON.stringify(value), id).toString('base64'),
    unseal: (id, sealed) => contents.parse(JSON.parse(unseal(key, Buffer.from(sealed, 'base64'), id).toString())),
  };
}
