import { costOfTry, countUp, limitKey } from '../limits.sql.ts';
import { millisecondsOf, secondsUntil } from '../sql-fragments.ts';
import { auditRefusal, isLive, ownerOf, stateOf } from './attempt-fragments.sql.ts';

/**
 * $1 id, $2 address, $3 token hash, $4 code hash, $5 browser hash, $6 redirect, $7 lifetime, $8 most per window, $9 window,
 * $10 requester's address, $11 user agent, $12 request id, $13 number. The same work for every address, whether somebody has
 * it or not.
 */
export const insertText = `
with counted as (
  ${countUp({ key: limitKey('link', '$2'), most: '$8', window: '$9' })}
), attempt as (
  insert into auth.sign_in_attempts
    (id, email, user_id, token_hash, code_hash, browser_hash, redirect_to, address, user_agent, expires_at, number)
  select $1, $2, (select id from auth.users where email = $2), $3, $4, $5, $6, $10, $11, now() + make_interval(secs => $7), $13
  from counted
  returning id, user_id
), audit as (
  insert into auth.audit_events (event, user_id, address, request_id, detail)
  select 'link-sent', user_id, $10, $12, json_build_object('attempt', id)::jsonb from attempt
)
select attempt.id, case when counted.hits >= $8 then ${secondsUntil('counted.resets_at')} end as "fullFor"
from attempt, counted`;

/** $1 id, $2 window, $3 requester's address, $4 request id. What an earlier window counted is no debt of the present one. */
export const withdrawText = `
with attempt as (
  delete from auth.sign_in_attempts where id = $1 returning id, user_id, email, created_at
), audit as (
  insert into auth.audit_events (event, user_id, address, request_id, detail)
  select 'link-withdrawn', user_id, $3, $4, json_build_object('attempt', id)::jsonb from attempt
)
update auth.rate_limits l set hits = hits - 1 from attempt
where l.key = ${limitKey('link', 'attempt.email')} and l.hits > 0
  and attempt.created_at >= l.resets_at - make_interval(secs => $2)`;

/** $1 address */
export const linkLimitText = `
select ${secondsUntil('resets_at')} as "resetsIn" from auth.rate_limits where key = ${limitKey('link', '$1')}`;

/** $1 token hash, $2 browser hash, $3 whether any browser will do */
export const redeemLinkText = `
update auth.sign_in_attempts a set spent_at = now()
where a.token_hash = $1 and (a.browser_hash = $2 or $3) and ${isLive}
returning a.id, a.email, a.redirect_to as "redirectTo"`;

/** $1 token hash, $2 browser hash, $3 requester's address, $4 request id */
export const refuseLinkText = `
with attempt as (
  select a.id, ${ownerOf} as user_id, ${stateOf} as state, a.browser_hash is not distinct from $2 as same_browser,
    a.email, a.address, a.user_agent, a.created_at
  from auth.sign_in_attempts a where a.token_hash = $1
), ${auditRefusal("select id, user_id, 'link-' || state as reason from attempt where state <> 'live'", 'link', '$3', '$4')}
select state, same_browser as "sameBrowser", id, email, address, user_agent as "userAgent",
  ${millisecondsOf('created_at')} as "createdAt"
from attempt`;

/**
 * $1 id, $2 browser hash, $3 code hash, $4 most tries of an attempt, $5 most tries of a recipient, $6 their window,
 * $7 requester's address, $8 request id.
 * Judging and counting are one statement, and whoever tries in parallel waits in line, first for the attempt and then for
 * the recipient's window. A right code costs nothing there, but needs a window that is not full: otherwise guessing would
 * go on for as long as it is wrong.
 */
export const redeemCodeText = `
with attempt as (
  select a.id, a.email, a.code_hash = $3 as is_right from auth.sign_in_attempts a
  where a.id = $1 and a.browser_hash = $2 and a.code_tries < $4 and ${isLive}
  for update
), counted as (
  ${countUp({ key: limitKey('code', 'email'), cost: costOfTry, most: '$5', window: '$6', from: 'from attempt' })}
), tried as (
  update auth.sign_in_attempts a
  set code_tries = a.code_tries + ${costOfTry}, spent_at = case when is_right then now() end
  from attempt, counted
  where a.id = attempt.id
  returning a.id, ${ownerOf} as user_id, is_right, a.email, a.redirect_to
), ${auditRefusal("select id, user_id, 'code-invalid' as reason from tried where not is_right", 'code', '$7', '$8')}
select is_right as "isRight", id, email, redirect_to as "redirectTo" from tried`;

/** $1 id, $2 browser hash, $3 requester's address, $4 request id */
export const refuseCodeText = `
with attempt as (
  select a.id, ${ownerOf} as user_id, ${stateOf} as state, a.code_tries as tries, a.expires_at, a.email
  from auth.sign_in_attempts a where a.id = $1 and a.browser_hash = $2
), ${auditRefusal("select id, user_id, 'link-' || state as reason from attempt where state <> 'live'", 'code', '$3', '$4')}
select state, tries, ${secondsUntil('expires_at')} as "expiresIn",
  (select ${secondsUntil('l.resets_at')} from auth.rate_limits l where l.key = ${limitKey('code', 'attempt.email')}) as "limitResetsIn"
from attempt`;
