import { type Delivery, type Processor } from '@alva/queue';
import { type MailDelivery } from '@alva/validation';
import { type FastifyBaseLogger } from 'fastify';
import { type AuthMetrics } from '../metrics.ts';
import { MailRefusedError, type MailTransport } from './mail.ts';
import { type MailSeal } from './sealed-mail.ts';

export interface MailWorkerOptions {
  readonly transport: MailTransport;
  readonly seal: MailSeal;
  readonly log: FastifyBaseLogger;
  readonly metrics: Pick<AuthMetrics, 'countMail'>;
  readonly now?: () => number;
}

/** Sends queued mail. A failure leaves it to the queue to come back; neither logs nor errors say what was in it. */
export function createMailProcessor({
  transport,
  seal,
  log,
  metrics,
  now = Date.now,
}: MailWorkerOptions): Processor<MailDelivery> {
  return async ({ id, payload, attempt }: Delivery<MailDelivery>) => {
    const { mail, expiresAt } = seal.unseal(id, payload.sealed);
    if (now() >= expiresAt) {
      metrics.countMail('expired');
      log.warn({ mail: id, attempt }, 'a mail expired before it could be sent');
      return;
    }
    try {
      await transport.send(id, mail);
      metrics.countMail('sent');
    } catch (err) {
      if (!(err instanceof MailRefusedError)) {
        metrics.countMail('failed');
        throw err;
      }
      metrics.countMail('refused');
      log.error({ mail: id, err }, 'the mail provider refused a mail for good');
    }
  };
}
