import { canEnd, endedColumns } from '../sessions/ending.sql.ts';
import { credentialsChanged, millisecondsOf } from '../sql-fragments.ts';

/** $1 user. What opens the account beside its mailbox, and the second factor that is asked for; oldest first of each kind. */
export const listText = `
select kind, name, ${millisecondsOf('since')} as since, ${millisecondsOf('last_used_at')} as "lastUsedAt"
from (
  select 1 as place, 'password' as kind, null as name, changed_at as since, null::timestamptz as last_used_at
  from auth.passwords where user_id = $1
  union all
  select 2, 'passkey', name, created_at, last_used_at from auth.passkeys where user_id = $1
  union all
  select 3, 'provider', provider || coalesce(' ' || email, ''), created_at, last_used_at
  from auth.identities where user_id = $1
  union all
  select 4, 'second-factor', null, confirmed_at, null from auth.totp_secrets
  where user_id = $1 and confirmed_at is not null
) ways
order by place, since`;

/**
 * $1 user, $2 actor, $3 network address, $4 request id. For an account that somebody else got into: what they may have added
 * cannot be told from what was there, so all of it goes and the mailbox is what remains. Comes after the account was locked,
 * as a statement of its own. The letter that keeps a deleted account stays good: it is how its owner gets it back.
 */
export const removeAllText = `
with account as (
  update auth.users set ${credentialsChanged} where id = $1
), password as (
  delete from auth.passwords where user_id = $1 returning user_id
), passkeys as (
  delete from auth.passkeys where user_id = $1 returning id, user_id
), identities as (
  delete from auth.identities where user_id = $1 returning id, user_id, provider
), totp as (
  delete from auth.totp_secrets where user_id = $1 returning user_id, confirmed_at
), challenges as (
  delete from auth.second_factor_challenges where user_id = $1
), tokens as (
  update auth.one_time_tokens set spent_at = now()
  where user_id = $1 and spent_at is null and purpose <> 'cancel-deletion'
), changes as (
  update auth.email_changes set withdrawn_at = now()
  where user_id = $1 and moved_at is null and withdrawn_at is null and expires_at > now()
  returning user_id
), ended as (
  update auth.sessions s set ended_at = now(), end_reason = 'revoked'
  where s.user_id = $1 and ${canEnd('s')}
  returning ${endedColumns}
), happened as (
  select 'password-removed' as event, user_id, null::uuid as session_id, '{}'::json as detail from password
  union all
  select 'passkey-removed', user_id, null, json_build_object('passkey', id) from passkeys
  union all
  select 'provider-disconnected', user_id, null, json_build_object('provider', provider, 'identity', id) from identities
  union all
  select 'second-factor-reset', user_id, null, '{}' from totp where confirmed_at is not null
  union all
  (select 'email-change-withdrawn', user_id, null, '{}' from changes limit 1)
  union all
  select 'session-revoked', user_id, id, json_build_object('reason', end_reason) from ended
), audit as (
  insert into auth.audit_events (event, user_id, actor_id, session_id, address, request_id, detail)
  select event, user_id, $2::uuid, session_id, $3::text, $4::text, detail::jsonb from happened
)
select
  (select count(*) from password)::int + (select count(*) from passkeys)::int + (select count(*) from identities)::int
    + (select count(*) from totp where confirmed_at is not null)::int as removed,
  coalesce((select json_agg(json_build_object('sessionId', id, 'userId', user_id, 'reason', end_reason)) from ended), '[]') as ended`;
