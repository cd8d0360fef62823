import { wayBackIsOpen } from './email-changes.sql.ts';
import { canEnd, endedColumns, selectEnded } from '../sessions/ending.sql.ts';
import { millisecondsOf } from '../sql-fragments.ts';

/**
 * $1 user, $2 seconds, $3 session, or null for a command, $4 network address, $5 request id, $6 whether what was asked for
 * before may be brought forward. Else nothing when it was asked for already. The account is locked.
 */
export const askText = `
with asked as (
  update auth.users u set deletion_due_at = now() + make_interval(secs => $2), updated_at = now()
  where u.id = $1 and (u.deletion_due_at is null or $6::boolean and u.deletion_due_at > now() + make_interval(secs => $2))
  returning u.id, u.deletion_due_at
), ended as (
  update auth.sessions s set ended_at = now(), end_reason = 'account-deleted'
  from asked where s.user_id = asked.id and ${canEnd('s')}
  returning ${endedColumns}
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id)
  select 'deletion-asked', id, $3::uuid, $4, $5 from asked
  union all
  select 'session-revoked', user_id, id, $4, $5 from ended
)
select ${millisecondsOf('deletion_due_at')} as "dueAt",
  coalesce((select json_agg(json_build_object('sessionId', id, 'userId', user_id, 'reason', end_reason)) from ended), '[]') as ended
from asked`;

/** $1 user, $2 session, or null for a link, $3 network address, $4 request id. Not once it is due: then it is under way. */
export const cancelText = `
with kept as (
  update auth.users u set deletion_due_at = null, updated_at = now()
  where u.id = $1 and u.deletion_due_at > now()
  returning u.id
), tokens as (
  update auth.one_time_tokens t set spent_at = now()
  from kept where t.user_id = kept.id and t.purpose = 'cancel-deletion' and t.spent_at is null
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id)
  select 'deletion-cancelled', id, $2::uuid, $3, $4 from kept
)
select id from kept`;

/**
 * Those whose time has come are shut: nobody signs in any more, and what was opened to have a last look ends. The rows go
 * later, because the list of revocations is made from them for as long as a token of theirs is good. A session that began
 * while its account was being shut is ended by the next look. Whoever moved the account away may have asked for this, so
 * it waits for as long as the account can be taken back.
 */
export const shutText = `
with due as (
  select id from auth.users
  where deletion_due_at <= now() and disabled_at is null
    and not exists (select from auth.email_changes c where c.user_id = users.id and ${wayBackIsOpen})
  limit 100 for update skip locked
), shut as (
  update auth.users u set disabled_at = now(), updated_at = now() from due where u.id = due.id returning u.id
), ended as (
  update auth.sessions s set ended_at = now(), end_reason = 'account-deleted'
  from auth.users u
  where s.user_id = u.id and u.deletion_due_at <= now() and (u.disabled_at is not null or u.id in (select id from shut))
    and ${canEnd('s')}
  returning ${endedColumns}
), audit as (
  insert into auth.audit_events (event, user_id, session_id)
  select 'session-revoked', user_id, id from ended
)
${selectEnded}`;

/**
 * $1 seconds for which an access token may be good. What references the account goes with it by cascade; the rest is named
 * here. The trail keeps the identifier, which means nobody any more.
 */
export const removeText = `
with due as (
  select id from auth.users u
  where deletion_due_at <= now() and disabled_at is not null
    and not exists (
      select from auth.sessions s
      where s.user_id = u.id and least(s.ended_at, s.expires_at) > now() - make_interval(secs => $1)
    )
  limit 100 for update skip locked
), gone as (
  delete from auth.users u using due where u.id = due.id returning u.id, u.email
), attempts as (
  delete from auth.sign_in_attempts a using gone where a.user_id = gone.id or a.email = gone.email
), mails as (
  delete from auth.mails m using gone where m.user_id = gone.id
), limits as (
  delete from auth.rate_limits l using gone where split_part(l.key, ':', 2) in (lower(gone.email), gone.id::text)
), told as (
  insert into auth.user_deletions (id, user_id) select gen_random_uuid(), id from gone
), audit as (
  insert into auth.audit_events (event, user_id) select 'account-deleted', id from gone
)
select email from gone`;

/** Oldest first. */
export const untoldText = `
select id as "deletionId", user_id as "userId", extract(epoch from now() - created_at)::float8 as age
from auth.user_deletions order by created_at limit 1000`;

/** $1 deletion */
export const acknowledgeText = `delete from auth.user_deletions where id = $1`;
