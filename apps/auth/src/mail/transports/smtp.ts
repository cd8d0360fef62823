import { isLoopback } from '@alva/service-kit';
import { createTransport } from 'nodemailer';
import { MailRefusedError, MailUnavailableError, type MailTransport } from '../mail.ts';
import { domainOf } from './sender.ts';

export interface SmtpOptions {
  /**
   * `smtp://user:password@host:587` (upgraded by STARTTLS, which must succeed unless the host is this machine or the URL ends in
   * `?requireTLS=false`) or `smtps://…:465`.
   */
  readonly url: string;
  readonly from: string;
  readonly replyTo?: string | undefined;
  /** Milliseconds for one mail, whatever the server does meanwhile; tests shorten it. */
  readonly patienceMs?: number;
}

/** A server that accepts and then says nothing is given up long before that. */
const patience = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000, dnsTimeout: 5_000 };

export function createSmtpTransport({ url, from, replyTo, patienceMs = 20_000 }: SmtpOptions): MailTransport {
  const { host, searchParams } = new URL(url);
  const name = `smtp ${host}`;
  const smtp = createTransport({
    url,
    pool: true,
    maxConnections: 8,
    // A server that does not offer encryption, or somebody in between who hides the offer, gets no password and no link.
    requireTLS: !isLoopback(url) && searchParams.get('requireTLS') !== 'false',
    ...patience,
  });
  return {
    name,
    async send(id, { to, subject, text, html }, signal) {
      // One that says a little now and then never comes to the end of those: a tar-pit.
      const tooLong = AbortSignal.timeout(patienceMs);
      try {
        await smtp.sendMail({
          from,
          ...(replyTo === undefined ? {} : { replyTo }),
          // As an object: a string would be parsed as a list of addresses once more.
          to: { name: '', address: to },
          subject,
          text,
          html,
          // The same mail again, also by another server, carries the same id, by which most mailboxes drop the second copy.
          messageId: `<${id}@${domainOf(from)}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal: AbortSignal.any([signal, tooLong]),
        });
        return { transport: name, providerId: null };
      } catch (error) {
        throw tooLong.aborted ? new MailUnavailableError('SMTP took too long') : withoutContents(error);
      }
    },
    close: () => smtp.close(),
  };
}

/** What a server says about our sender, or instead of listening, is not about this mail. */
const aboutUs = new Set([
  'EAUTH',
  'ECONNECTION',
  'EDNS',
  'ETIMEDOUT',
  'ESOCKET',
  'ETLS',
  'EPROTOCOL',
  'ENOAUTH',
  'EOAUTH2',
]);

interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

/** Servers quote addresses and commands in their refusals; the status is enough to act on. */
function withoutContents(error: unknown): Error {
  const { code = 'failed', command, response = '', responseCode } = error as SmtpError;
  const message = `SMTP ${code}${responseCode === undefined ? '' : ` (${responseCode})`}`;
  const isAboutUs =
    responseCode === undefined || responseCode === 421 || responseCode === 530 || command === 'MAIL FROM';
  if (aboutUs.has(code) || isAboutUs) return new MailUnavailableError(message);
  // X.7.X is policy (RFC 3463): this server's, of which another may know nothing.
  const isFinal = responseCode >= 500 && !/^5\d\d[ -]5\.7\./.test(response);
  return isFinal ? new MailRefusedError(message) : new Error(message);
}
