import { type MailState } from '@alva/shared-types';
import { z } from 'zod';
import { type MailReport } from '../mails.store.ts';
import { mailTag } from '../transports/resend.ts';

const resendEvent = z.object({
  type: z.string(),
  created_at: z.string(),
  data: z.object({
    email_id: z.string().min(1).max(200),
    tags: z.record(z.string(), z.string()).optional().catch(undefined),
    bounce: z.object({ type: z.string(), subType: z.string() }).optional().catch(undefined),
  }),
});

/** Events that tell what became of a mail. Delays, and what readers do with it, are none of our business. */
const states: Readonly<Record<string, MailState>> = {
  'email.sent': 'sent',
  'email.delivered': 'delivered',
  'email.failed': 'refused',
  'email.suppressed': 'refused',
  'email.bounced': 'bounced',
  'email.complained': 'complained',
};

/** Undefined for what is no report of a mail. */
export function readResendEvent(body: string): MailReport | undefined {
  const parsed = resendEvent.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const { type, created_at: at, data } = parsed.data;
  const state = Object.hasOwn(states, type) ? states[type] : undefined;
  if (!state) return undefined;
  const moment = Date.parse(at);
  return {
    id: z.uuid().safeParse(data.tags?.[mailTag]).data ?? null,
    providerId: data.email_id,
    state,
    reason: reasonOf(type, data.bounce),
    at: Number.isNaN(moment) ? Date.now() : moment,
  };
}

/** Of a bounce only its class: the message beside it quotes the other server, and that the address. */
function reasonOf(type: string, bounce: { type: string; subType: string } | undefined): string | null {
  if (type === 'email.bounced' && bounce) return `${bounce.type} ${bounce.subType}`.toLowerCase().slice(0, 60);
  if (type === 'email.suppressed') return 'on the suppression list of the provider';
  return type === 'email.failed' ? 'failed at the provider' : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
