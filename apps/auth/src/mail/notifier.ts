import { randomUUID } from 'node:crypto';
import { type FastifyBaseLogger } from 'fastify';
import { type Mail } from './mail.ts';
import { type Mailer } from './mailer.ts';

/** Whose account it is and which request did it: for the log, and the record of the mail. */
export interface Occasion {
  readonly userId?: string;
  readonly requestId?: string;
}

/** Tells somebody by mail what was done to their account. Never rejects. */
export type Notify = (mail: Mail, occasion?: Occasion) => Promise<void>;

/** Worth reading for days: whoever did it may not have been the person. */
const lifetime = 3 * 86_400;

/** What is told has happened, so a queue that takes no mail is logged and makes nothing undone. */
export function createNotifier({ mailer, log }: { mailer: Mailer; log: Pick<FastifyBaseLogger, 'error'> }): Notify {
  return async (mail, { userId, requestId } = {}) => {
    try {
      await mailer.send(randomUUID(), mail, { lifetime, ...(userId !== undefined && { userId }) });
    } catch (err) {
      log.error({ err, kind: mail.kind, sub: userId, requestId }, 'a notice about an account could not be mailed');
    }
  };
}
