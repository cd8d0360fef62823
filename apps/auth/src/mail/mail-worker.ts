import { RetryLaterError, type Delivery, type Processor } from '@alva/queue';
import { type MailDelivery } from '@alva/validation';
import { type FastifyBaseLogger } from 'fastify';
import { type AuthMetrics } from '../metrics.ts';
import { MailRefusedError, MailUnavailableError, type MailReceipt, type MailTransport } from './mail.ts';
import { type Claim, type MailsStore } from './mails.store.ts';
import { pauseAfter } from './pauses.ts';
import { type MailSeal } from './sealed-mail.ts';

export interface MailWorkerOptions {
  readonly transport: MailTransport;
  readonly seal: MailSeal;
  readonly store: Pick<MailsStore, 'claim' | 'recordSent' | 'recordRefused' | 'recordFailed'>;
  readonly log: FastifyBaseLogger;
  readonly metrics: Pick<AuthMetrics, 'countMail' | 'observeMailWait'>;
}

/** Seconds. A provider may ask for more, but an operator may mend things sooner. */
const longestPause = 900;

/**
 * Sends queued mail. A failure leaves it to the queue to come back, until the mail has expired; neither logs nor errors nor
 * the record say what was in it.
 */
export function createMailProcessor({
  transport,
  seal,
  store,
  log,
  metrics,
}: MailWorkerOptions): Processor<MailDelivery> {
  return async ({ id, payload }: Delivery<MailDelivery>, signal) => {
    const claim = await store.claim(id);
    // Sent by a copy that could not say so to the queue any more, or withdrawn because its queue did not answer.
    if (!claim) {
      log.info({ mail: id }, 'a mail is not to be sent, or not again');
      return;
    }
    if (claim.state !== 'queued') {
      metrics.countMail(claim.state);
      const { kind, state, reason, attempts } = claim;
      log.warn({ mail: id, kind, state, reason, attempts }, 'a mail was not sent');
      return;
    }
    let receipt;
    try {
      receipt = await transport.send(id, seal.unseal(id, payload.sealed), signal);
    } catch (error) {
      if (signal.aborted) throw error;
      return onFailure(id, claim, error);
    }
    metrics.countMail('sent');
    metrics.observeMailWait(claim.waited);
    await recordSent(id, receipt);
  };

  async function onFailure(id: string, { attempts, lifetime }: Claim, error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : 'failed';
    if (error instanceof MailRefusedError) {
      metrics.countMail('refused');
      log.error({ mail: id, err: error }, 'the mail provider refused a mail for good');
      return store.recordRefused(id, reason);
    }
    metrics.countMail('failed');
    await store.recordFailed(id, reason);
    const asked = error instanceof MailUnavailableError ? Math.min(error.retryAfter ?? 0, longestPause) * 1_000 : 0;
    throw new RetryLaterError(reason, Math.max(asked, pauseAfter(attempts, lifetime)));
  }

  /** It is gone. A record that cannot be written must not send it a second time. */
  async function recordSent(id: string, receipt: MailReceipt): Promise<void> {
    try {
      await store.recordSent(id, receipt);
    } catch (err) {
      log.error({ mail: id, err }, 'a mail was sent, which could not be recorded');
    }
  }
}
