import { mailStates, type MailState } from '@alva/shared-types';
import { type Parameter } from '@alva/database';
import { type Slice } from '@alva/service-kit';
import { millisecondsOf } from '../sql-fragments.ts';
import { collectConditions } from '../where.ts';
import { notices } from './kinds.ts';

export interface MailFilter {
  readonly userId?: string | undefined;
  readonly recipientHash?: Buffer | undefined;
  readonly state?: MailState | undefined;
}

/** Microseconds since 1970, which is as fine as Postgres counts, and the id of the row. */
export type MailPosition = [micros: string, id: string];

/** How late a state comes in a mail's life: a report changes nothing that a later one has said. */
const rank = (state: string) => `array_position('{${mailStates.join(',')}}'::text[], ${state})`;

/**
 * $1 id, $2 kind, $3 recipient's hash, $4 user or null, $5 address, $6 lifetime.
 * Whose address it is, is found by the same work for every address.
 */
export const insertText = `
insert into auth.mails (id, kind, recipient_hash, user_id, expires_at)
values ($1, $2, $3, coalesce($4::uuid, (select id from auth.users where email = $5)), now() + make_interval(secs => $6))
on conflict (id) do nothing`;

/** Seconds for which the oldest mail that is still of use has waited. */
export const oldestQueuedText = `
select coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as age
from auth.mails where state = 'queued' and expires_at > now()`;

/** $1 id. What was given to anyone is not taken back. */
export const removeText = `delete from auth.mails where id = $1 and state = 'queued' and attempts = 0`;

/**
 * Mail to the same address came back for good, and none has arrived since; or its reader called one of ours spam, which no
 * later mail undoes.
 */
const isUnwelcome = `exists (
  select from auth.mails b where b.recipient_hash = m.recipient_hash and (
    b.state = 'complained' or b.state = 'bounced' and b.reason like 'permanent%' and not exists (
      select from auth.mails d
      where d.recipient_hash = m.recipient_hash and d.state = 'delivered' and d.settled_at > b.settled_at
    )
  )
)`;

/**
 * $1 id. Whether a mail is to be offered now is decided by the statement that counts the attempt: one that was sent, by
 * whichever copy, is not sent again. No row: nothing to do.
 */
export const claimText = `
with judged as (
  select m.id, case
    when m.expires_at <= now() then 'expired'
    when m.kind = any ('{${notices.join(',')}}'::text[]) and ${isUnwelcome} then 'withheld'
    else 'queued' end as state
  from auth.mails m where m.id = $1 and m.state = 'queued'
)
update auth.mails m set
  state = judged.state,
  attempts = m.attempts + case when judged.state = 'queued' then 1 else 0 end,
  reason = case judged.state when 'withheld' then 'mail to this address came back' else m.reason end,
  settled_at = case when judged.state = 'queued' then null else now() end
from judged where m.id = judged.id and m.state = 'queued'
returning m.kind, m.state, m.reason, m.attempts, extract(epoch from m.expires_at - m.created_at)::float8 as lifetime,
  extract(epoch from now() - m.created_at)::float8 as waited`;

/** $1 id, $2 transport, $3 provider's id. A report may have come before this does. */
export const sentText = `
update auth.mails set transport = $2, provider_id = coalesce($3, provider_id), sent_at = now(),
  state = case when ${rank('state')} < ${rank("'sent'")} then 'sent' else state end,
  reason = case when ${rank('state')} < ${rank("'sent'")} then null else reason end,
  settled_at = case when ${rank('state')} < ${rank("'sent'")} then now() else settled_at end
where id = $1`;

/** $1 id, $2 why */
export const refusedText = `
update auth.mails set state = 'refused', reason = $2, settled_at = now()
where id = $1 and ${rank('state')} < ${rank("'refused'")}`;

/** $1 id, $2 why */
export const failedText = `update auth.mails set reason = $2 where id = $1 and state = 'queued'`;

/** $1 id or null, $2 provider's id, $3 state, $4 why, $5 milliseconds since 1970 */
export const reportText = `
with mail as (
  select id from auth.mails where id = $1::uuid or ($1::uuid is null and provider_id = $2)
), changed as (
  update auth.mails m set state = $3, reason = $4, settled_at = to_timestamp($5::float8 / 1000),
    provider_id = coalesce(m.provider_id, $2)
  from mail where m.id = mail.id and ${rank('m.state')} < ${rank('$3::text')}
  returning m.id
)
select exists (select from mail) as known, exists (select from changed) as changed`;

/** Newest first. A mail whose delivery was lost with its queue has expired, though nobody wrote that down. */
export function listStatement(
  { userId, recipientHash, state }: MailFilter,
  { limit, before }: Slice<MailPosition>,
): { text: string; parameters: Parameter[] } {
  const where = collectConditions();
  if (userId !== undefined) where.add(`user_id = ${where.parameter(userId)}`);
  if (recipientHash !== undefined) where.add(`recipient_hash = ${where.parameter(recipientHash)}`);
  if (state === 'queued') where.add(`state = 'queued' and expires_at > now()`);
  else if (state === 'expired') where.add(`(state = 'expired' or state = 'queued' and expires_at <= now())`);
  else if (state !== undefined) where.add(`state = ${where.parameter(state)}`);
  if (before) {
    const [micros, id] = before.map(where.parameter);
    where.add(`(created_at, id) < (timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond', ${id}::uuid)`);
  }
  const text = `
select m.id, (extract(epoch from m.created_at) * 1000000)::bigint::text as micros, m.kind,
  case when m.state = 'queued' and m.expires_at <= now() then 'expired' else m.state end as state,
  m.reason, m.attempts, m.transport, m.provider_id as "providerId", m.user_id as "userId", u.email as "userEmail", u.name as "userName",
  ${millisecondsOf('m.created_at')} as "createdAt", ${millisecondsOf('m.expires_at')} as "expiresAt",
  ${millisecondsOf('m.sent_at')} as "sentAt", ${millisecondsOf('m.settled_at')} as "settledAt"
from (
  select * from auth.mails ${where.toString()} order by created_at desc, id desc limit ${where.parameter(limit)}
) m
left join auth.users u on u.id = m.user_id
order by m.created_at desc, m.id desc`;
  return { text, parameters: where.parameters };
}
