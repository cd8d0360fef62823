import type { Examined, Finding } from './examinations.ts';

const needs: Readonly<Record<string, string>> = { smtp: 'SMTP_URL', resend: 'RESEND_API_KEY' };

/** Whether mail can leave, comes from an address of ours, and whether we would hear that it came back. */
export function examineMail({ variables }: Pick<Examined, 'variables'>): Finding {
  const has = (name: string) => variables[name] !== undefined || variables[`${name}_FILE`] !== undefined;
  const chosen = (variables['MAIL_TRANSPORT'] ?? '').split(',').map((name) => name.trim());
  const transports = chosen.filter((name) => name !== '');
  if (transports.includes('inbox')) return { ok: true, found: `${variables['AUTH_URL'] ?? ''}/dev/inbox` };
  const ways = transports.length > 0 ? transports : ['resend', 'smtp'].filter((name) => has(needs[name] ?? ''));
  const found = ways.length > 0 ? ways.join(', then ') : 'no way out';
  const missing = ways.map((name) => needs[name]).find((name) => name !== undefined && !has(name));
  if (missing !== undefined) return { ok: false, found, fix: `set ${missing} in .env` };
  if (ways.length === 0) return { ok: false, found, fix: 'set SMTP_URL or RESEND_API_KEY in .env' };
  if (!has('MAIL_FROM')) return { ok: false, found, fix: 'set MAIL_FROM in .env, an address of a domain of yours' };
  if (ways.includes('resend') && !has('RESEND_WEBHOOK_SECRET'))
    return {
      ok: false,
      found: `${found}; bounces stay unknown`,
      fix: 'set RESEND_WEBHOOK_SECRET: docs/operations/mail.md',
    };
  return { ok: true, found };
}
