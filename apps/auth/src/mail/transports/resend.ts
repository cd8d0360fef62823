import { Resend } from 'resend';
import { MailRefusedError, type MailTransport } from '../mail.ts';

export interface ResendOptions {
  readonly apiKey: string;
  readonly from: string;
  /** Another address of the API, for tests. */
  readonly baseUrl?: string;
}

const patienceMs = 10_000;

/** Sends through the API of resend.com. */
export function createResendTransport({ apiKey, from, baseUrl }: ResendOptions): MailTransport {
  const { emails } = new Resend(apiKey, baseUrl === undefined ? {} : { baseUrl });
  return {
    async send(id, { to, subject, text, html }) {
      const { error } = await emails.send(
        { from, to, subject, text, html },
        { idempotencyKey: id, signal: AbortSignal.timeout(patienceMs) },
      );
      if (!error) return;
      // What the provider says may quote the mail, so only its code is passed on.
      const message = `resend answered ${error.statusCode ?? 'nothing'} ${error.name}`;
      throw isFinal(error.statusCode, error.name) ? new MailRefusedError(message) : new Error(message);
    },
    close: () => undefined,
  };
}

/** A wrong key or an exhausted quota is mended by the operator, and the mail can still go out; a wrong mail never will. */
function isFinal(status: number | null, name: string): boolean {
  return (status === 400 || status === 422) && !name.includes('idempotent');
}
