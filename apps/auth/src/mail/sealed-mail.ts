import { z } from 'zod';
import { deriveKey, seal, unseal } from '../secrets/seal.ts';
import { mailKinds } from './kinds.ts';
import { type Mail } from './mail.ts';

const contents = z.object({
  kind: z.enum(mailKinds),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  link: z.string().nullable(),
  code: z.string().nullable(),
});

export interface MailSeal {
  seal(id: string, mail: Mail): string;
  /** Throws on anything that was not sealed here under this id. */
  unseal(id: string, sealed: string): Mail;
}

/** Mails wait in a queue whose rows anyone with a database dump can read, and their links open sessions. */
export function createMailSeal(keyEncryptionKey: Uint8Array): MailSeal {
  const key = deriveKey(keyEncryptionKey, 'alva queued mail');

  /** Another try is not in vain: while the value is changed, a copy that still has the old one may take the mail. */
  function open(id: string, sealed: string): Buffer {
    try {
      return unseal(key, Buffer.from(sealed, 'base64'), id);
    } catch {
      throw new Error('sealed under another KEY_ENCRYPTION_KEY');
    }
  }

  return {
    seal: (id, mail) => seal(key, JSON.stringify(mail), id).toString('base64'),
    unseal: (id, sealed) => contents.parse(JSON.parse(open(id, sealed).toString())),
  };
}
