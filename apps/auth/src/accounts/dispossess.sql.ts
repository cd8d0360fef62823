import { endedColumns, selectEnded } from '../sessions/ending.sql.ts';

/**
 * $1 user, $2 whether who has proven it has also shown the password, so that it stays, and second factors with it, $3 network address, $4 request id.
 *
 * An address that nobody had proven is proven now: whoever did that takes the account, and nothing remains by which somebody who
 * was there before them could come back (CVE-2026-53516). Such accounts come from imports and from providers that do not
 * vouch for an address. In the transaction that verifies the address, in which no session of the new owner has begun yet.
 */
export const dispossessText = `
with password as (
  delete from auth.passwords where user_id = $1 and not $2::boolean returning user_id
), identities as (
  delete from auth.identities where user_id = $1 returning id, provider
), totp as (
  delete from auth.totp_secrets where user_id = $1 and not $2::boolean returning confirmed_at
), passkeys as (
  delete from auth.passkeys where user_id = $1 and not $2::boolean returning id
), challenges as (
  delete from auth.second_factor_challenges where user_id = $1
), tokens as (
  update auth.one_time_tokens set spent_at = now() where user_id = $1 and spent_at is null
), ended as (
  update auth.sessions s set ended_at = now(), end_reason = 'revoked'
  where s.user_id = $1 and s.ended_at is null and s.expires_at > now()
  returning ${endedColumns}
), removed as (
  select 'password-removed' as event, '{}'::jsonb as what from password
  union all
  select 'second-factor-off', '{}'::jsonb from totp where confirmed_at is not null
  union all
  select 'passkey-removed', jsonb_build_object('passkey', id) from passkeys
  union all
  select 'provider-disconnected', jsonb_build_object('provider', provider, 'identity', id) from identities
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id, detail)
  select event, $1::uuid, null::uuid, $3::text, $4::text, what || '{"because": "address-proven"}'::jsonb from removed
  union all
  select 'session-revoked', user_id, id, $3, $4, '{}'::jsonb from ended
)
${selectEnded}`;
