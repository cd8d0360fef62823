import { costOfTry, countUp, limitKey } from '../limits.sql.ts';
import { secondsUntil } from '../sql-fragments.ts';
import { auditRefusal, completionStateOf, isApproved, isLive, ownerOf, stateOf } from './attempt-fragments.sql.ts';

/** $1 id, $2 browser hash. What ended an attempt is not said: somebody else may have asked for it and watch its owner. */
export const waitText = `
select a.number, ${secondsUntil('a.expires_at')} as "expiresIn",
  case when ${isApproved} then 'approved' when ${isLive} then 'pending' else 'expired' end as state
from auth.sign_in_attempts a where a.id = $1 and a.browser_hash = $2`;

/**
 * $1 id, $2 token hash, $3 number, $4 most tries of an attempt, $5 most tries of a recipient, $6 their window,
 * $7 requester's address, $8 request id.
 * Judging and counting are one statement, as with codes. Used-up tries leave link and code as they are.
 */
export const approveText = `
with attempt as (
  select a.id, a.email, a.number = $3 as is_right from auth.sign_in_attempts a
  where a.id = $1 and a.token_hash = $2 and a.number_tries < $4 and ${isLive}
  for update
), counted as (
  ${countUp({ key: limitKey('number', 'email'), cost: costOfTry, most: '$5', window: '$6', from: 'from attempt' })}
), tried as (
  update auth.sign_in_attempts a
  set number_tries = a.number_tries + ${costOfTry}, approved_at = case when is_right then now() end
  from attempt, counted
  where a.id = attempt.id
  returning a.id, ${ownerOf} as user_id, is_right
), approval as (
  insert into auth.audit_events (event, user_id, address, request_id, detail)
  select 'sign-in-approved', user_id, $7, $8, json_build_object('attempt', id)::jsonb from tried where is_right
), ${auditRefusal("select id, user_id, 'number-invalid' as reason from tried where not is_right", 'approval', '$7', '$8')}
select is_right as "isRight" from tried`;

/** $1 id, $2 token hash, $3 number, $4 requester's address, $5 request id. An approval whose answer got lost may be repeated. */
export const refuseApprovalText = `
with attempt as (
  select a.id, ${ownerOf} as user_id, ${stateOf} as state, a.number_tries as tries, a.expires_at, a.email,
    a.approved_at is not null and a.number = $3 as repeated
  from auth.sign_in_attempts a where a.id = $1 and a.token_hash = $2
), ${auditRefusal("select id, user_id, 'link-' || state as reason from attempt where state <> 'live' and not repeated", 'approval', '$4', '$5')}
select state, tries, repeated, ${secondsUntil('expires_at')} as "expiresIn",
  (select ${secondsUntil('l.resets_at')} from auth.rate_limits l where l.key = ${limitKey('number', 'attempt.email')}) as "limitResetsIn"
from attempt`;

/** $1 id, $2 browser hash */
export const completeText = `
update auth.sign_in_attempts a set spent_at = now()
where a.id = $1 and a.browser_hash = $2 and ${isApproved}
returning a.id, a.email, a.redirect_to as "redirectTo"`;

/** $1 id, $2 browser hash, $3 requester's address, $4 request id */
export const refuseCompletionText = `
with attempt as (
  select a.id, ${ownerOf} as user_id, ${completionStateOf} as state
  from auth.sign_in_attempts a where a.id = $1 and a.browser_hash = $2
), ${auditRefusal("select id, user_id, 'link-' || state as reason from attempt where state <> 'live'", 'approval', '$3', '$4')}
select state from attempt`;
