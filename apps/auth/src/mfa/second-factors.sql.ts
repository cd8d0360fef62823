import { costOfTry, countUp } from '../limits.sql.ts';
import { canEnd, endedColumns, selectEnded } from '../sessions/ending.sql.ts';
import { millisecondsOf, secondsUntil } from '../sql-fragments.ts';

const limitKey = (subject: string) => `'second-factor:' || ${subject}`;
const longLimitKey = (subject: string) => `'second-factor-long:' || ${subject}`;

const isLive = (challenge: string) => `${challenge}.spent_at is null and ${challenge}.expires_at > now()`;

/** $1 hash of the cookie, $2 most tries */
export const findChallengeText = `
select c.id, c.user_id as "userId", to_json(c.amr) as amr, c.redirect_to as "redirectTo", c.tries >= $2 as exhausted,
  ${secondsUntil('c.expires_at')} as "expiresIn"
from auth.second_factor_challenges c where c.secret_hash = $1 and ${isLive('c')}`;

/** $1 user. Null columns: nothing of the kind. */
export const findText = `
select t.secret_sealed as "secretSealed", ${millisecondsOf('t.confirmed_at')} as "confirmedAt",
  (select count(*)::int from auth.recovery_codes r where r.user_id = t.user_id and r.used_at is null) as "recoveryCodesLeft"
from auth.totp_secrets t where t.user_id = $1`;

/**
 * The code is judged by the row as it is under its lock: whoever comes with the same one waits here and finds its step taken.
 * A right code costs nothing, but needs windows that are not full; otherwise guessing would go on for as long as it is wrong.
 * What the short window refuses does not count in the long one: it was not compared.
 */
const judged = (gate: string) => `secret as (
  select t.user_id, coalesce($2::bigint > coalesce(t.last_step, 0), false) as is_right
  from auth.totp_secrets t
  where t.user_id = $1 and t.confirmed_at is not null ${gate}
  for update of t
), counted as (
  ${countUp({ key: limitKey('$3::text'), cost: costOfTry, most: '$4', window: '$5', from: 'from secret' })}
), judged as (
  ${countUp({ key: longLimitKey('$3::text'), cost: costOfTry, most: '$6', window: '$7', from: 'from secret, counted' })}
), used as (
  update auth.totp_secrets t set last_step = $2::bigint from secret, judged
  where t.user_id = secret.user_id and secret.is_right
)`;

/** `fills`: it was the last wrong one of the long window, which one try alone can be. */
const verdict = `is_right as "isRight", not is_right and hits >= $6 as fills`;

/**
 * $1 user, $2 time step of the code, or null, $3 by whom tries are counted, $4 most wrong codes of the short window, $5 that
 * window, $6 and $7 the same of the long one. No row: no code may be tried.
 */
export const useCodeText = `
with ${judged('')}
select ${verdict} from secret, judged`;

/**
 * As `useCodeText`, and $8 challenge, $9 its most tries. One statement spends the code and the challenge: of any number of tries with the same, one gets in.
 */
export const answerWithCodeText = `
with challenge as (
  select c.id from auth.second_factor_challenges c
  where c.id = $8 and c.user_id = $1 and c.tries < $9 and ${isLive('c')}
  for update
), ${judged('and exists (select from challenge)')}, tried as (
  update auth.second_factor_challenges c
  set tries = c.tries + ${costOfTry}, spent_at = case when is_right then now() end
  from challenge, secret, judged
  where c.id = challenge.id
  returning is_right, hits
)
select ${verdict} from tried`;

/** $1 by whom tries are counted, $2 most of the short window, $3 of the long one. The full window that ends last. */
export const limitText = `
select l.key = ${longLimitKey('$1::text')} as "isLong", ${secondsUntil('l.resets_at')} as "resetsIn"
from auth.rate_limits l
where l.resets_at > now() and (
  (l.key = ${limitKey('$1::text')} and l.hits >= $2) or (l.key = ${longLimitKey('$1::text')} and l.hits >= $3))
order by l.resets_at desc limit 1`;

/** $1 user, $2 hash, $3 address, $4 request id, $5 session, or null. Of several tries with one code, one uses it. */
const useRecoveryCode = (gate: string) => `used as (
  update auth.recovery_codes r set used_at = now()
  where r.user_id = $1 and r.code_hash = $2 and r.used_at is null ${gate}
    and exists (select from auth.totp_secrets t where t.user_id = r.user_id and t.confirmed_at is not null)
  returning r.user_id
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id)
  select 'recovery-code-used', user_id, $5::uuid, $3::text, $4::text from used
)`;

/** As it was before; a code that was used just now is not left. */
const left = `(select count(*)::int from auth.recovery_codes r where r.user_id = $1 and r.used_at is null and r.code_hash <> $2) as left`;

export const useRecoveryCodeText = `with ${useRecoveryCode('')} select true as "isRight", ${left} from used`;

/** As \`useRecoveryCodeText\`, and $6 challenge, $7 its most tries. No row: it may not be tried. */
export const answerWithRecoveryCodeText = `
with challenge as (
  select c.id from auth.second_factor_challenges c
  where c.id = $6 and c.user_id = $1 and c.tries < $7 and ${isLive('c')}
  for update
), ${useRecoveryCode('and exists (select from challenge)')}, tried as (
  update auth.second_factor_challenges c
  set tries = c.tries + case when exists (select from used) then 0 else 1 end,
    spent_at = case when exists (select from used) then now() end
  from challenge
  where c.id = challenge.id
)
select exists (select from used) as "isRight", ${left} from challenge`;

/** $1 user, $2 sealed secret. No row: the second factor is on. One that was never confirmed is replaced. */
export const proposeText = `
insert into auth.totp_secrets as t (user_id, secret_sealed) values ($1, $2)
on conflict (user_id) do update set secret_sealed = excluded.secret_sealed, created_at = now()
where t.confirmed_at is null
returning user_id`;

const newCodes = (owner: string, hashes: string) => `codes as (
  insert into auth.recovery_codes (user_id, code_hash)
  select owner.user_id, decode(hash, 'hex') from ${owner} owner, json_array_elements_text(${hashes}::text::json) hash
)`;

/**
 * $1 user, $2 sealed secret that was shown to work, $3 time step of the code, $4 hashes of codes as JSON, $5 the session
 * that asks, $6 address, $7 request id. Comes after the account was locked, as a statement of its own: it must see the
 * sessions of a sign-in that held the lock. Whatever was opened by one factor is over; the session that asks has shown two.
 */
export const confirmText = `
with confirmed as (
  update auth.totp_secrets t set confirmed_at = now(), last_step = $3
  where t.user_id = $1 and t.secret_sealed = $2 and t.confirmed_at is null
  returning t.user_id
), ${newCodes('confirmed', '$4')}, shown as (
  update auth.sessions s set amr = s.amr || '{otp,mfa}' from confirmed where s.id = $5 and not 'mfa' = any (s.amr)
), ended as (
  update auth.sessions s set ended_at = now(), end_reason = 'revoked'
  from confirmed
  where s.user_id = confirmed.user_id and s.id <> $5 and not 'mfa' = any (s.amr) and ${canEnd('s')}
  returning ${endedColumns}
), happened as (
  select 'second-factor-on' as event, user_id, $5::uuid as session_id from confirmed
  union all
  select 'session-revoked', user_id, id from ended
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id)
  select event, user_id, session_id, $6::text, $7::text from happened
)
${selectEnded}`;

/**
 * $1 user, $2 hashes of codes as JSON, $3 session, $4 address, $5 request id. A new set; no row: there is no second factor. Comes
 * after the account was locked, as a statement of its own: it must see the set of a renewal that held the lock.
 */
export const replaceCodesText = `
with person as (
  select user_id from auth.totp_secrets where user_id = $1 and confirmed_at is not null
), gone as (
  delete from auth.recovery_codes r using person where r.user_id = person.user_id
), ${newCodes('person', '$2')}, audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id)
  select 'recovery-codes-made', user_id, $3, $4, $5 from person
)
select user_id from person`;

/** $1 user, $2 session, $3 address, $4 request id. No row: it was not on. */
export const switchOffText = `
with gone as (
  delete from auth.totp_secrets where user_id = $1 and confirmed_at is not null returning user_id
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id)
  select 'second-factor-off', user_id, $2, $3, $4 from gone
)
select user_id from gone`;

/**
 * $1 user, $2 actor, $3 address, $4 request id. For somebody who has lost everything: whoever is signed in with it is not
 * known to be them, so that their sessions end.
 */
export const resetText = `
with gone as (
  delete from auth.totp_secrets where user_id = $1 returning user_id, confirmed_at
), ended as (
  update auth.sessions s set ended_at = now(), end_reason = 'revoked'
  from gone where s.user_id = gone.user_id and gone.confirmed_at is not null and ${canEnd('s')}
  returning ${endedColumns}
), happened as (
  select 'second-factor-reset' as event, user_id, null::uuid as session_id from gone where confirmed_at is not null
  union all
  select 'session-revoked', user_id, id from ended
), audit as (
  insert into auth.audit_events (event, user_id, actor_id, session_id, address, request_id)
  select event, user_id, $2::uuid, session_id, $3::text, $4::text from happened
)
select (select confirmed_at is not null from gone) as "wasOn",
  coalesce((select json_agg(json_build_object('sessionId', id, 'userId', user_id, 'reason', end_reason)) from ended), '[]') as ended`;

/** $1 after this user. For sealing again, a batch at a time. */
export const listSealedText = `
select user_id as "userId", secret_sealed as "secretSealed" from auth.totp_secrets
where $1::uuid is null or user_id > $1::uuid order by user_id limit 500`;

/** $1 user, $2 as it was, $3 as it becomes. Unless it was changed meanwhile. */
export const resealText = `
update auth.totp_secrets set secret_sealed = $3 where user_id = $1 and secret_sealed = $2 returning user_id`;
