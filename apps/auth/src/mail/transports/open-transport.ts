import { type Config } from '../../config.ts';
import { type InboxStore } from '../inbox.store.ts';
import { type MailTransport } from '../mail.ts';
import { createFailover, type FailoverOptions } from './failover.ts';
import { createInboxTransport } from './inbox.ts';
import { createResendTransport } from './resend.ts';
import { createSmtpTransport } from './smtp.ts';

/** The ways out that are configured, the preferred one first. */
export function openMailTransport(config: Config, inbox: InboxStore, options: FailoverOptions): MailTransport {
  const { MAIL_TRANSPORT, MAIL_FROM: from, MAIL_REPLY_TO: replyTo, RESEND_API_KEY: apiKey, SMTP_URL = [] } = config;
  const transports = MAIL_TRANSPORT.flatMap((kind) => {
    if (kind === 'inbox') return createInboxTransport(inbox);
    if (kind === 'smtp') return SMTP_URL.map((url) => createSmtpTransport({ url, from, replyTo }));
    const baseUrl = config.RESEND_URL;
    return apiKey === undefined ? [] : createResendTransport({ apiKey, from, replyTo, baseUrl });
  });
  return createFailover(transports, options);
}
