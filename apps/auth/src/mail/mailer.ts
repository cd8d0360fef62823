import { type Queues } from '@alva/queue';
import { ProblemError } from '@alva/service-kit';
import { type Mail } from './mail.ts';
import { type MailSeal } from './sealed-mail.ts';

export interface Mailer {
  /** Returns once the mail is safely queued; sending it is the worker's business and may take several tries. */
  send(id: string, mail: Mail, options: { lifetime: number }): Promise<void>;
}

/** At two seconds doubling up to a minute this outlasts any link; the worker drops what has expired. */
const attempts = 30;

export function createMailer({ queue, seal }: { queue: ReturnType<Queues['queue']>; seal: MailSeal }): Mailer {
  return {
    async send(id, mail, { lifetime }) {
      const sealed = seal.seal(id, { mail, expiresAt: Date.now() + lifetime * 1000 });
      try {
        await queue.add({ sealed }, { id, attempts, backoff: 2_000 });
      } catch (cause) {
        throw new ProblemError('service-unavailable', { cause });
      }
    },
  };
}
