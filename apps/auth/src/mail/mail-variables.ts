import { connectionUrl, list, variable } from '@alva/service-kit';
import { z } from 'zod';

const transportNames = ['resend', 'smtp', 'inbox'] as const;
export type TransportName = (typeof transportNames)[number];

/** How mail leaves. Part of the service's configuration. */
export const mailVariables = {
  MAIL_TRANSPORT: variable(
    list(z.enum(transportNames, { error: `must be one of ${transportNames.join(', ')}` })).optional(),
    'How mail leaves: resend, smtp, or both, the preferred one first; or inbox, which keeps it at /dev/inbox',
    {
      defaultText: 'RESEND_API_KEY and SMTP_URL as far as they are set, in this order, else inbox',
      example: 'resend,smtp',
    },
  ),
  MAIL_FROM: variable(mailAddress().prefault('Alva <alva@localhost>'), 'Sender of all mail', {
    example: 'Alva <hello@example.com>',
  }),
  MAIL_REPLY_TO: variable(mailAddress().optional(), 'Where answers to our mail go, if not to MAIL_FROM', {
    example: 'Support <support@example.com>',
  }),
  RESEND_API_KEY: variable(z.string().optional(), 'Key for resend.com', { secret: true, example: 're_123' }),
  RESEND_URL: variable(connectionUrl('https', 'http').optional(), 'Another address of its API, such as a proxy’s'),
  RESEND_WEBHOOK_SECRET: variable(
    list(signingSecret()).optional(),
    'Signing secret of its webhook /webhooks/resend, which there is only with it; two with a comma while it changes',
    { secret: true, example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  ),
  SMTP_URL: variable(
    z
      .string()
      // A comma is also allowed within a password.
      .transform((text) => text.split(/,\s*(?=smtps?:)/))
      .pipe(
        z.array(
          connectionUrl('smtp', 'smtps').refine(hasOneHost, 'must be smtp:// or smtps:// URLs with commas between'),
        ),
      )
      .optional(),
    'Mail server, or several with commas, the preferred one first',
    { secret: true, example: 'smtp://user:password@mail.example.com:587' },
  ),
};

type MailVariables = Readonly<z.output<z.ZodObject<typeof mailVariables>>>;

/** The preferred one first. */
export function transportsOf({
  MAIL_TRANSPORT: chosen = [],
  RESEND_API_KEY,
  SMTP_URL,
}: Pick<MailVariables, 'MAIL_TRANSPORT' | 'RESEND_API_KEY' | 'SMTP_URL'>): TransportName[] {
  if (chosen.length > 0) return [...new Set(chosen)];
  const given = [...(RESEND_API_KEY ? ['resend' as const] : []), ...(SMTP_URL ? ['smtp' as const] : [])];
  return given.length > 0 ? given : ['inbox'];
}

/** What contradicts itself: the variable, and what is wrong with it. */
export function judgeMail(config: MailVariables): [name: keyof MailVariables, message: string][] {
  const transports = transportsOf(config);
  const wrong: [name: keyof MailVariables, message: string][] = [];
  if (transports.includes('resend') && !config.RESEND_API_KEY)
    wrong.push(['RESEND_API_KEY', 'must be set for MAIL_TRANSPORT=resend']);
  if (transports.includes('smtp') && !config.SMTP_URL) wrong.push(['SMTP_URL', 'must be set for MAIL_TRANSPORT=smtp']);
  if (transports.includes('inbox') && transports.length > 1)
    wrong.push(['MAIL_TRANSPORT', 'must be inbox alone, or without it']);
  return wrong;
}

/** `name@example.com` or `Name <name@example.com>`, one line. */
function mailAddress() {
  return z.string().regex(/^(?:[^<>"\r\n]* <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, {
    error: 'must be an address such as Alva <hello@example.com>',
  });
}

/** What stands behind a comma and is no mail server would else be part of a name. */
function hasOneHost(url: string): boolean {
  return !new URL(url).host.includes(',');
}

/** `whsec_` and base64, as the specification of Standard Webhooks has it: 24 to 64 bytes. */
function signingSecret() {
  return z.string().transform((text, context): Uint8Array => {
    const bytes = new Uint8Array(Buffer.from(text.replace(/^whsec_/, ''), 'base64'));
    if (/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text) && bytes.length >= 24 && bytes.length <= 64) return bytes;
    context.addIssue({
      code: 'custom',
      message: 'must be whsec_ and 24 to 64 bytes in base64, as the provider shows it',
    });
    return z.NEVER;
  });
}
