import { Resend } from 'resend';
import { MailRefusedError, MailUnavailableError, type MailTransport } from '../mail.ts';

export interface ResendOptions {
  readonly apiKey: string;
  readonly from: string;
  readonly replyTo?: string | undefined;
  /** Another address of the API, for tests. */
  readonly baseUrl?: string | undefined;
  /** Milliseconds for one mail; tests shorten it. */
  readonly patienceMs?: number;
}

/** What the provider gives back with each report, so that one that outruns its own answer finds its mail. */
export const mailTag = 'mail';

/** Sends through the API of resend.com, which takes the same idempotency key for the same mail for a day. */
export function createResendTransport(options: ResendOptions): MailTransport {
  const { apiKey, from, replyTo, baseUrl, patienceMs = 10_000 } = options;
  const { emails } = new Resend(apiKey, baseUrl === undefined ? {} : { baseUrl });

  async function send(id: string, mail: Parameters<typeof emails.send>[0], signal: AbortSignal) {
    try {
      return await emails.send(mail, { idempotencyKey: id, signal });
    } catch {
      throw new MailUnavailableError('resend did not answer');
    }
  }

  return {
    name: 'resend',
    async send(id, { kind, to, subject, text, html }, signal) {
      const headers = { 'Auto-Submitted': 'auto-generated' };
      const tags = [
        { name: mailTag, value: id },
        { name: 'kind', value: kind },
      ];
      const answer = await send(
        id,
        { from, ...(replyTo === undefined ? {} : { replyTo }), to, subject, text, html, headers, tags },
        AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
      );
      if (!answer.error) return { transport: 'resend', providerId: answer.data.id };
      throw withoutContents(answer.error, answer.headers?.['retry-after']);
    },
    close: () => undefined,
  };
}

/** What the provider says may quote the mail, so only its code is passed on. */
function withoutContents(
  { statusCode, name }: { statusCode: number | null; name: string },
  retryAfter?: string,
): Error {
  const message = `resend answered ${statusCode ?? 'nothing'} ${name}`;
  if (name.includes('idempoten')) return new Error(message);
  // A wrong key or sender, or an exhausted quota, is mended by the operator, and the mail can still go out; a wrong mail never will.
  if ((statusCode === 400 || statusCode === 422) && !name.includes('from')) return new MailRefusedError(message);
  const seconds = Number(retryAfter);
  return new MailUnavailableError(message, Number.isFinite(seconds) && seconds > 0 ? seconds : undefined);
}
