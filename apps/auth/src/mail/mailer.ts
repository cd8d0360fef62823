import { type Queues } from '@alva/queue';
import { ProblemError } from '@alva/service-kit';
import { type Mail } from './mail.ts';
import { type MailsStore } from './mails.store.ts';
import { type HashRecipient } from './recipient.ts';
import { type MailSeal } from './sealed-mail.ts';

export interface SendOptions {
  /** Seconds after which the mail is of no use to anyone: it is not sent any more. */
  readonly lifetime: number;
  /** Whose account it is about, where the recipient's address is not, or no longer, theirs. */
  readonly userId?: string;
}

export interface Mailer {
  /**
   * Returns once the mail is safely queued; sending it is the worker's business and may take several tries. The same id
   * again is the same mail again. Throws 503 `service-unavailable`, and then nothing will be sent.
   */
  send(id: string, mail: Mail, options: SendOptions): Promise<void>;
}

export interface MailerOptions {
  readonly queue: ReturnType<Queues['queue']>;
  readonly seal: MailSeal;
  readonly store: Pick<MailsStore, 'insert' | 'remove'>;
  readonly hashRecipient: HashRecipient;
}

/** More than any mail needs until it expires, which is what ends its tries. */
const attempts = 10_000;

export function createMailer({ queue, seal, store, hashRecipient }: MailerOptions): Mailer {
  return {
    async send(id, mail, { lifetime, userId }) {
      const { kind, to } = mail;
      // First the row, by which the worker judges: a delivery without one sends nothing.
      await store.insert({ id, kind, to, recipientHash: hashRecipient(to), userId, lifetime });
      try {
        await queue.add({ sealed: seal.seal(id, mail) }, { id, attempts });
      } catch (cause) {
        // Whether it was queued may not be known; whoever asked is told that it was not, and so it shall be.
        await store.remove(id).catch(() => undefined);
        throw new ProblemError('service-unavailable', { cause });
      }
    },
  };
}
