import { randomUUID } from 'node:crypto';
import { type Mail } from '../mail/mail.ts';
import { type Mailer } from '../mail/mailer.ts';

/** A way to mail, or why there is none: no KEY_ENCRYPTION_KEY to seal with, or another one than auth has. */
export type Mailing = Mailer | 'no-key' | 'other-key';

/** Mails whose account it was. Resolves with the lines that say who has to be told in another way, none when it is on its way. */
export type TellOwner = (mail: Mail, userId: string) => Promise<string[]>;

/** Worth reading for days: whoever asked the operator may not have been the person. */
const lifetime = 3 * 86_400;

/** What is told has happened and stays; whoever runs the command is there to tell it where mail does not. */
export function createOwnerTeller(mailing: Mailing): TellOwner {
  return async (mail, userId) => {
    if (mailing === 'no-key') return ['Nobody was mailed, for KEY_ENCRYPTION_KEY is not set: tell them.'];
    if (mailing === 'other-key')
      return ['Nobody was mailed, for KEY_ENCRYPTION_KEY is not the one that auth has: tell them.'];
    try {
      await mailing.send(randomUUID(), mail, { lifetime, userId });
      return [];
    } catch {
      return [`${mail.to} could not be mailed: tell them.`];
    }
  };
}
