import { isLoopback } from '@alva/service-kit';
import { createTransport } from 'nodemailer';
import { MailRefusedError, type MailTransport } from '../mail.ts';

export interface SmtpOptions {
  /**
   * `smtp://user:password@host:587` (upgraded by STARTTLS, which must succeed unless the host is this machine or the URL ends in
   * `?requireTLS=false`) or `smtps://…:465`.
   */
  readonly url: string;
  readonly from: string;
}

/** A server that accepts and then says nothing shall not hold a worker for minutes. */
const patience = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000, dnsTimeout: 5_000 };

export function createSmtpTransport({ url, from }: SmtpOptions): MailTransport {
  const { hostname, searchParams } = new URL(url);
  const smtp = createTransport({
    url,
    pool: true,
    maxConnections: 4,
    // A server that does not offer encryption, or somebody in between who hides the offer, gets no password and no link.
    requireTLS: !isLoopback(url) && searchParams.get('requireTLS') !== 'false',
    ...patience,
  });
  return {
    async send(id, { to, subject, text, html }) {
      try {
        await smtp.sendMail({
          from,
          // As an object: a string would be parsed as a list of addresses once more.
          to: { name: '', address: to },
          subject,
          text,
          html,
          // The same mail again carries the same id, by which most mailboxes drop the second copy.
          messageId: `<${id}@${hostname}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw withoutContents(error);
      }
    },
    close: () => smtp.close(),
  };
}

/** Servers quote addresses and commands in their refusals; the status is enough to act on. */
function withoutContents(error: unknown): Error {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  const message = `SMTP ${code ?? 'failed'}${responseCode === undefined ? '' : ` (${responseCode})`}`;
  const isFinal = responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH' && code !== 'ECONNECTION';
  return isFinal ? new MailRefusedError(message) : new Error(message);
}
