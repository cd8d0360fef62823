import { countUp, limitKey } from '../limits.sql.ts';
import { canEnd, endedColumns } from '../sessions/ending.sql.ts';
import { credentialsChanged, millisecondsOf } from '../sql-fragments.ts';

// In every text, `c` is the change and `u` the account.

/** Whoever asked was put out since, by the owner or an administrator. An ordinary sign-out is neither. */
const askerPutOut = `exists (
  select from auth.sessions s where s.id = c.session_id and s.ended_at is not null and s.end_reason <> 'signed-out')`;
const newerExists = `exists (
  select from auth.email_changes n where n.user_id = c.user_id and (n.created_at, n.id) > (c.created_at, c.id))`;
const calledOff = `(c.withdrawn_at is not null or u.email <> c.old_email or u.disabled_at is not null
  or u.deletion_due_at is not null or coalesce(u.credentials_changed_at >= c.created_at, false) or ${askerPutOut})`;
const isPending = `c.moved_at is null and c.expires_at > now() and not ${newerExists} and not ${calledOff}`;

/** An account that went further in the meantime goes back all the same; what was taken back with an earlier move is over. */
const takenBack = `(c.undone_at is not null or exists (
  select from auth.email_changes o where o.user_id = c.user_id and o.moved_at < c.moved_at and o.undone_at > c.moved_at))`;

/** While the way back is open, the address it leads to is kept for the account that left it. */
export const wayBackIsOpen = `(c.undo_until > now() and not ${takenBack})`;

/** $1 address, $2 the account that asks. A statement of its own after the address was taken: it must see a move that came first. */
export const keptText = `
select from auth.email_changes c where c.old_email = $1 and c.user_id <> $2 and ${wayBackIsOpen}`;

const accountKey = (user: string) => `'email-change:' || ${user}::text`;

/**
 * $1 id, $2 user, $3 session, $4 new address, $5 and $6 hashes of what is mailed to the old and the new one, $7 lifetime,
 * $8 and $9 limit of the account, $10 and $11 limit of the recipient, $12 network address, $13 request id.
 * The same work whether somebody has the new address or not.
 */
export const askText = `
with by_account as (
  ${countUp({ key: accountKey('$2'), most: '$8', window: '$9' })}
), counted as (
  ${countUp({ key: limitKey('email-change-to', '$4::text'), most: '$10', window: '$11', from: 'from by_account' })}
), change as (
  insert into auth.email_changes (id, user_id, session_id, old_email, new_email, old_hash, new_hash, expires_at)
  select $1, u.id, $3, u.email, $4, $5, $6, now() + make_interval(secs => $7) from auth.users u, counted
  where u.id = $2::text::uuid
  returning id, user_id, session_id, old_email
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id)
  select 'email-change-asked', user_id, session_id, $12, $13 from change
)
select old_email as "oldEmail", exists (select from auth.users where email = $4) or exists (
  select from auth.email_changes c where c.old_email = $4 and c.user_id <> change.user_id and ${wayBackIsOpen}) as taken
from change`;

/** $1 user, $2 new address */
export const limitsText = `
select greatest(1, ceil(extract(epoch from max(resets_at) - now())))::int as "resetsIn"
from auth.rate_limits where key in (${accountKey('$1')}, ${limitKey('email-change-to', '$2::text')})`;

/** $1 user */
export const pendingText = `
select c.new_email as email, c.old_confirmed_at is not null as "oldConfirmed", c.new_confirmed_at is not null as "newConfirmed",
  ${millisecondsOf('c.expires_at')} as "expiresAt"
from auth.email_changes c join auth.users u on u.id = c.user_id
where c.user_id = $1 and ${isPending}`;

/** $1 user, $2 session, $3 network address, $4 request id */
export const withdrawText = `
with withdrawn as (
  update auth.email_changes c set withdrawn_at = now()
  from auth.users u where c.user_id = $1 and u.id = c.user_id and ${isPending}
  returning c.user_id
)
insert into auth.audit_events (event, user_id, session_id, address, request_id)
select 'email-change-withdrawn', user_id, $2::uuid, $3, $4 from withdrawn`;

/** $1 hash of either mailbox's secret, $2 network address, $3 request id. The account first: everything locks it first. */
export const confirmText = `
with account as (
  select u.* from auth.users u
  where u.id = (select user_id from auth.email_changes where old_hash = $1 or new_hash = $1)
  for no key update
), confirmed as (
  update auth.email_changes c set
    old_confirmed_at = case when c.old_hash = $1 then coalesce(c.old_confirmed_at, now()) else c.old_confirmed_at end,
    new_confirmed_at = case when c.new_hash = $1 then coalesce(c.new_confirmed_at, now()) else c.new_confirmed_at end
  from account u
  where (c.old_hash = $1 or c.new_hash = $1) and ${isPending}
  returning c.id, c.user_id, c.old_hash = $1 as is_old, c.old_confirmed_at, c.new_confirmed_at, c.old_email, c.new_email
), audit as (
  insert into auth.audit_events (event, user_id, address, request_id, detail)
  select 'email-change-confirmed', user_id, $2, $3,
    json_build_object('mailbox', case when is_old then 'old' else 'new' end)::jsonb from confirmed
)
select id, user_id as "userId", old_confirmed_at is not null as "oldConfirmed", new_confirmed_at is not null as "newConfirmed",
  old_email as "oldEmail", new_email as "newEmail"
from confirmed`;

/** What every move of an account leaves: `moved` has its id, `ended` the sessions that ended by it. */
const consequences = (event: string, address: string, requestId: string, detail = `'{}'::jsonb`) => `tokens as (
  update auth.one_time_tokens t set spent_at = now() from moved where t.user_id = moved.id and t.spent_at is null
), challenges as (
  update auth.second_factor_challenges f set spent_at = now() from moved where f.user_id = moved.id and f.spent_at is null
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id, detail)
  select '${event}', id, null, ${address}, ${requestId}, ${detail} from moved
  union all
  select 'session-revoked', user_id, id, ${address}, ${requestId}, '{}' from ended
)
select (select count(*)::int from moved) as moved,
  coalesce((select json_agg(json_build_object('sessionId', id, 'userId', user_id, 'reason', end_reason)) from ended), '[]') as ended`;

/** $1 change, $2 hash of the way back, $3 how long it is open, $4 network address, $5 request id */
export const moveText = `
with change as (
  select * from auth.email_changes
  where id = $1 and old_confirmed_at is not null and new_confirmed_at is not null and moved_at is null
), moved as (
  update auth.users u set email = change.new_email, email_verified_at = now(), ${credentialsChanged}
  from change
  where u.id = change.user_id and not exists (select from auth.users t where t.email = change.new_email)
  returning u.id, change.session_id
), done as (
  update auth.email_changes c set moved_at = now(), undo_hash = $2, undo_until = now() + make_interval(secs => $3)
  from moved where c.id = $1
), ended as (
  update auth.sessions s set ended_at = now(), end_reason = 'revoked'
  from moved where s.user_id = moved.id and s.id <> moved.session_id and ${canEnd('s')}
  returning ${endedColumns}
), ${consequences('email-changed', '$4', '$5')}`;

/**
 * $1 user, $2 the address it has, $3 the one it gets, $4 network address, $5 request id. Without either mailbox's word, for an
 * operator who knows whose account it is: nobody goes on signed in, nothing asked for before moves it, and no letter of an
 * earlier move takes it back, least of all one that a thief of the account has.
 */
export const moveByOperatorText = `
with moved as (
  update auth.users u set email = $3, ${credentialsChanged}
  where u.id = $1 and u.email = $2 and not exists (select from auth.users t where t.email = $3)
  returning u.id
), settled as (
  update auth.email_changes c set
    withdrawn_at = case when c.moved_at is null then coalesce(c.withdrawn_at, now()) else c.withdrawn_at end,
    undo_until = case when c.undo_until > now() then now() else c.undo_until end
  from moved where c.user_id = moved.id
), ended as (
  update auth.sessions s set ended_at = now(), end_reason = 'revoked'
  from moved where s.user_id = moved.id and ${canEnd('s')}
  returning ${endedColumns}
), ${consequences('email-changed', '$4', '$5')}`;

/** $1 hash of the way back. Before `undoText`, which must see the session of a sign-in that held the account. */
export const lockUndoText = `
select from auth.users where id = (select user_id from auth.email_changes where undo_hash = $1) for no key update`;

/** One visit: asking for a move wants a sign-in of the last ten minutes, and so does every other way in that somebody adds. */
const visit = `interval '1 hour'`;

/**
 * $1 hash of the way back, $2 network address, $3 request id. Whoever moved the account away may have added ways in to come
 * back by, or asked for it to be deleted: what came with the move goes with it.
 */
export const undoText = `
with undone as (
  update auth.email_changes c set undone_at = now()
  from auth.users u
  where c.undo_hash = $1 and u.id = c.user_id and ${wayBackIsOpen}
    and not exists (select from auth.users t where t.email = c.old_email and t.id <> c.user_id)
  returning c.user_id, c.old_email, c.created_at - ${visit} as since, u.email as left_email
), moved as (
  update auth.users u set email = undone.old_email, email_verified_at = now(), deletion_due_at = null, ${credentialsChanged}
  from undone where u.id = undone.user_id
  returning u.id
), password as (
  delete from auth.passwords p using undone where p.user_id = undone.user_id and p.changed_at >= since returning p.user_id
), passkey as (
  delete from auth.passkeys p using undone where p.user_id = undone.user_id and p.created_at >= since returning p.user_id
), identity as (
  delete from auth.identities i using undone where i.user_id = undone.user_id and i.created_at >= since returning i.user_id
), totp as (
  delete from auth.totp_secrets s using undone where s.user_id = undone.user_id and s.created_at >= since
  returning s.user_id, s.confirmed_at
), codes as (
  delete from auth.recovery_codes r using undone where r.user_id = undone.user_id and r.created_at >= since
), ended as (
  update auth.sessions s set ended_at = now(), end_reason = 'revoked'
  from moved where s.user_id = moved.id and ${canEnd('s')}
  returning ${endedColumns}
), ${consequences(
  'email-change-undone',
  '$2',
  '$3',
  `json_build_object('removed', array_remove(array[
    case when exists (select from password) then 'password' end,
    case when exists (select from passkey) then 'passkeys' end,
    case when exists (select from identity) then 'providers' end,
    case when exists (select from totp where confirmed_at is not null) then 'second-factor' end], null))::jsonb`,
)},
  (select left_email from undone) as "leftEmail", (select user_id from undone) as "userId"`;

/** $1 hash of a secret of either kind */
export const judgeText = `
select c.undo_hash is not distinct from $1 as "isUndo",
  case
    when c.undo_hash = $1 and ${takenBack} then 'used'
    when c.undo_hash = $1 and c.undo_until <= now() then 'expired'
    when c.undo_hash = $1 then 'taken'
    when c.moved_at is not null then 'used'
    when c.expires_at <= now() then 'expired'
    when ${newerExists} then 'superseded'
    else 'withdrawn'
  end as state
from auth.email_changes c
where c.old_hash = $1 or c.new_hash = $1 or c.undo_hash = $1`;
