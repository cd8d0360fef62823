import { countFailures, type Limiter, ProblemError, problemResponses, type Routes } from '@alva/service-kit';
import { z } from 'zod';
import { type AuthMetrics } from '../../metrics.ts';
import { type MailsStore } from '../mails.store.ts';
import { readResendEvent } from './resend-event.ts';
import { createSignatureCheck } from './webhook-signature.ts';

export interface ResendWebhookOptions {
  readonly secrets: readonly Uint8Array[];
  readonly store: Pick<MailsStore, 'recordReport'>;
  readonly metrics: Pick<AuthMetrics, 'countMail' | 'countMailReport'>;
  /** Counts by address what was not signed. */
  readonly failures: Limiter;
  /** Milliseconds since 1970; tests move it. */
  readonly now?: (() => number) | undefined;
}

/** What became of mails, told by resend.com. To be registered in a scope of its own: bodies are read as bytes here. */
export const resendWebhookRoutes: Routes<ResendWebhookOptions> = async (app, options) => {
  const { secrets, store, metrics, failures, now } = options;
  const judge = createSignatureCheck(secrets);
  app.setErrorHandler(countFailures(failures));

  // The signature is over the bytes as they came.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.post(
    '/webhooks/resend',
    {
      // A newsletter's worth of reports comes from one address, and a signed one is welcome whatever else was sent from there.
      config: { rateLimit: false },
      schema: {
        tags: ['services'],
        summary: 'What became of a mail, told by resend.com',
        description:
          'Signed by the Standard Webhooks specification. Events that come twice, late or in any order change nothing that a later one said; those of mails that are not known here are accepted and forgotten.',
        headers: z.object({
          'svix-id': z.string().optional(),
          'svix-timestamp': z.string().optional().describe('Seconds since 1970; at most five minutes from now'),
          'svix-signature': z.string().optional().describe('One or several, separated by spaces: `v1,<base64>`'),
        }),
        response: { 204: z.void(), ...problemResponses('signature-invalid', 'service-unavailable') },
      },
    },
    async ({ raw, body, log }, reply) => {
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const verdict = judge(raw.headers, bytes, now?.());
      if (verdict !== 'good') {
        metrics.countMailReport('unsigned');
        log.warn({ verdict }, 'a webhook without a good signature');
        throw new ProblemError('signature-invalid');
      }
      const report = readResendEvent(bytes.toString());
      const { known, changed } = report ? await store.recordReport(report) : { known: false, changed: false };
      metrics.countMailReport(changed ? 'recorded' : known ? 'repeated' : 'ignored');
      if (changed && report) {
        if (report.state === 'bounced' || report.state === 'complained' || report.state === 'delivered')
          metrics.countMail(report.state);
      }
      return reply.code(204).send();
    },
  );
};
