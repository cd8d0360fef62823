import { personColumns } from '../accounts/person.ts';
import { countUp, limitKey } from '../limits.sql.ts';
import { canEnd, endedColumns, selectEnded } from '../sessions/ending.sql.ts';
import { credentialsChanged, millisecondsOf, secondsUntil } from '../sql-fragments.ts';

/**
 * $1 address, $2 most tries per window, $3 window, $4 by whom tries are counted: the address or a session. A try is counted before anything is compared, so that tries in parallel are
 * no more than tries in a row; the right password has it given back. The same work for every address.
 */
export const takeTryText = `
with counted as (
  ${countUp({ key: limitKey('password', '$4'), most: '$2', window: '$3' })}
)
select exists (select from counted) as allowed, u.id as "userId", p.hash,
  (select ${secondsUntil('l.resets_at')} from auth.rate_limits l where l.key = ${limitKey('password', '$4')}) as "resetsIn"
from (values (1)) one left join auth.users u on u.email = $1 left join auth.passwords p on p.user_id = u.id`;

/** $1 by whom it was counted */
export const giveTryBackText = `
update auth.rate_limits set hits = hits - 1 where key = ${limitKey('password', '$1')} and hits > 0`;

/** $1 user, $2 the hash that was found to be right. What was changed meanwhile was not shown. */
export const confirmText = `
select ${personColumns('u')}, u.disabled_at is not null as disabled
from auth.users u join auth.passwords p on p.user_id = u.id
where u.id = $1 and p.hash = $2
for no key update of u, p`;

/** $1 user, $2 old hash, $3 new hash: of the same password. Whoever changed it meanwhile wins. */
export const rehashText = `
update auth.passwords set hash = $3 where user_id = $1 and hash = $2 returning user_id`;

/** $1 user */
export const findText = `
select hash, ${millisecondsOf('changed_at')} as "changedAt" from auth.passwords where user_id = $1`;

/** $1 user */
export const findOwnerText = `select email, name from auth.users where id = $1`;

/**
 * $1 address. Links that were asked for before die with the password anyway; deleted first, so that one being redeemed at this
 * moment comes before, and its session is ended, or after, and finds nothing.
 */
export const deleteAttemptsText = `delete from auth.sign_in_attempts where email = $1 and spent_at is null`;

/**
 * $1 user, $2 hash, $3 the session that stays, or null, $4 address, $5 request id, $6 whether by a mailed link. Comes after
 * the account was locked in the same transaction, as a statement of its own: it must see the sessions of a sign-in that held
 * the lock. Who has read the mailbox need not wait because others have guessed.
 */
export const setText = `
with account as (
  update auth.users set ${credentialsChanged} where id = $1
), password as (
  insert into auth.passwords (user_id, hash) values ($1, $2)
  on conflict (user_id) do update set hash = excluded.hash, changed_at = now()
), tokens as (
  update auth.one_time_tokens set spent_at = now()
  where user_id = $1 and spent_at is null and purpose in ('reset-password', 'verify-email')
), challenges as (
  update auth.second_factor_challenges set spent_at = now() where user_id = $1 and spent_at is null
), tries as (
  delete from auth.rate_limits l using auth.users u
  where $6::boolean and u.id = $1 and l.key = ${limitKey('password', 'u.email')}
), ended as (
  update auth.sessions s set ended_at = now(), end_reason = 'revoked'
  where s.user_id = $1 and ${canEnd('s')} and ($3::uuid is null or s.id <> $3::uuid)
  returning ${endedColumns}
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id)
  select case when $6::boolean then 'password-reset' else 'password-changed' end, $1::uuid, $3::uuid, $4::text, $5::text
  union all
  select 'session-revoked', user_id, id, $4, $5 from ended
)
${selectEnded}`;

/**
 * $1 id, $2 address, $3 token hash, $4 lifetime, $5 most per window, $6 window, $7 requester's address, $8 request id. The same
 * work for every address. Counted by themselves: whoever has many sent must not keep the owner from a sign-in link.
 */
export const askForResetText = `
with counted as (
  ${countUp({ key: limitKey('reset', '$2'), most: '$5', window: '$6' })}
), token as (
  insert into auth.one_time_tokens (id, purpose, token_hash, user_id, user_email, email, expires_at)
  select $1, 'reset-password', $3, (select id from auth.users where email = $2), $2, $2, now() + make_interval(secs => $4)
  from counted
  returning id, user_id
), audit as (
  insert into auth.audit_events (event, user_id, address, request_id)
  select 'password-reset-asked', user_id, $7, $8 from token
)
select id, user_id is not null as known from token`;

/**
 * $1 id, $2 user, $3 address, $4 token hash, $5 browser hash, $6 lifetime, $7 most per window, $8 window, $9 requester's address,
 * $10 request id
 */
export const askForVerificationText = `
with counted as (
  ${countUp({ key: limitKey('link', '$3'), most: '$7', window: '$8' })}
), token as (
  insert into auth.one_time_tokens (id, purpose, token_hash, user_id, user_email, email, browser_hash, expires_at)
  select $1, 'verify-email', $4, $2, $3, $3, $5, now() + make_interval(secs => $6) from counted
  returning id, user_id
), audit as (
  insert into auth.audit_events (event, user_id, address, request_id)
  select 'verification-sent', user_id, $9, $10 from token
)
select id from token`;

/** $1 id. Its mail could not be queued. */
export const withdrawResetText = `
with token as (delete from auth.one_time_tokens where id = $1 returning email)
update auth.rate_limits l set hits = hits - 1 from token where l.key = ${limitKey('reset', 'token.email')} and l.hits > 0`;

/** $1 address */
export const resetLimitText = `
select ${secondsUntil('resets_at')} as "resetsIn" from auth.rate_limits where key = ${limitKey('reset', '$1')}`;

/** $1 attempt, $2 browser hash, $3 name, $4 password hash */
export const registerText = `
insert into auth.registrations (attempt_id, browser_hash, name, password_hash) values ($1, $2, $3, $4)`;

/**
 * $1 new attempt, $2 its browser hash, $3 address, $4 what this browser was known by. Only the newest link works: without this,
 * whoever has the mail sent once more would lose the password they chose.
 */
export const carryRegistrationText = `
update auth.registrations r set attempt_id = $1, browser_hash = $2
from auth.sign_in_attempts a
where a.id = r.attempt_id and a.email = $3 and a.spent_at is null and r.browser_hash = $4`;

/** $1 attempt, $2 user, $3 browser hash. It is gone afterwards, whether it became the account's or not. */
export const takeRegistrationText = `
with registration as (
  delete from auth.registrations where attempt_id = $1 returning browser_hash = $3 as is_own, name, password_hash
), own as (
  select name, password_hash from registration where is_own
), password as (
  insert into auth.passwords (user_id, hash) select $2, password_hash from own where password_hash is not null
  on conflict (user_id) do nothing
)
update auth.users u set name = coalesce(u.name, own.name) from own where u.id = $2
returning ${personColumns('u')}`;
