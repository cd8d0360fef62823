import { personColumns } from '../accounts/person.ts';
import { canEnd } from '../sessions/ending.sql.ts';
import { millisecondsOf } from '../sql-fragments.ts';

const auditConnected = (rows: string, how: 'address' | 'settings', address: string, requestId: string) => `audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id, detail)
  select 'provider-connected', user_id, session_id, ${address}, ${requestId},
    json_build_object('provider', provider, 'identity', id, 'how', '${how}')::jsonb
  from (${rows}) connected
)`;

/**
 * $1 issuer, $2 subject, $3 provider, $4 address there if verified. The account is locked until the session is stored, as by
 * every way in; its address is not touched, whatever the provider calls it by now. The identity is locked after it, so that
 * one which was removed while the account was waited for is not found.
 */
export const useText = `
with account as (
  select u.*, i.id as identity_id from auth.identities i join auth.users u on u.id = i.user_id
  where i.issuer = $1 and i.subject = $2
  for no key update of u, i
), used as (
  update auth.identities i set last_used_at = now(), provider = $3, email = coalesce($4, i.email)
  from account where i.id = account.identity_id
)
select u.disabled_at is not null as disabled, ${personColumns('u')} from account u`;

/**
 * $1 id, $2 user, $3 issuer, $4 subject, $5 provider, $6 address there, $7 name, $8 network address, $9 request id.
 * An account without a name takes the one that the provider knows.
 */
export const addText = `
with identity as (
  insert into auth.identities (id, user_id, issuer, subject, provider, email) values ($1, $2, $3, $4, $5, $6)
  on conflict (issuer, subject) do nothing
  returning id, user_id, provider
), named as (
  update auth.users u set name = $7::text, updated_at = now() from identity
  where u.id = identity.user_id and u.name is null and $7::text is not null
), ${auditConnected('select id, user_id, null::uuid as session_id, provider from identity', 'address', '$8', '$9')}
select u.created_at < now() as "isOlder" from identity i join auth.users u on u.id = i.user_id`;

/**
 * $1 id, $2 session, $3 issuer, $4 subject, $5 provider, $6 address there, $7 network address, $8 request id.
 * The account is locked like by every way in, and its session: whoever takes away ways in or ends the session comes before, and
 * then nothing is connected, or after, and finds it.
 */
export const connectText = `
with owner as (
  select u.id, u.email, s.id as session_id from auth.sessions s join auth.users u on u.id = s.user_id
  where s.id = $2 and ${canEnd('s')} and u.disabled_at is null
  for no key update of u for share of s
), identity as (
  insert into auth.identities (id, user_id, issuer, subject, provider, email)
  select $1, id, $3, $4, $5, $6 from owner
  on conflict (issuer, subject) do nothing
  returning id, user_id, provider
), ${auditConnected('select i.id, i.user_id, o.session_id, i.provider from identity i, owner o', 'settings', '$7', '$8')}
select owner.id as "userId", owner.email, exists (select from identity) as "isNew",
  exists (select from auth.identities i where i.issuer = $3 and i.subject = $4 and i.user_id = owner.id) as "wasTheirs"
from owner`;

/**
 * $1 user, $2 identity, $3 session, $4 network address, $5 request id. Comes after the account was locked. Who reads a verified
 * mailbox has a way in left, the mailed link; without one nothing is removed. Sign-ins that wait for their second factor may
 * have begun with what goes, so they go too.
 */
export const removeText = `
with identity as (
  select i.id, i.user_id, i.provider, u.email_verified_at is not null as has_another
  from auth.identities i join auth.users u on u.id = i.user_id where i.id = $2 and i.user_id = $1
), gone as (
  delete from auth.identities i using identity where i.id = identity.id and identity.has_another
  returning i.id, i.user_id, i.provider
), challenges as (
  delete from auth.second_factor_challenges c using gone where c.user_id = gone.user_id
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id, detail)
  select 'provider-disconnected', user_id, $3, $4, $5, json_build_object('provider', provider, 'identity', id)::jsonb
  from gone
)
select has_another as "isGone", provider from identity`;

/** $1 user. Oldest first. */
export const listText = `
select i.id, i.provider, i.email, ${millisecondsOf('i.created_at')} as "createdAt",
  ${millisecondsOf('i.last_used_at')} as "lastUsedAt"
from auth.identities i where i.user_id = $1 order by i.id`;
