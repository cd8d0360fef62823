import { millisecondsOf } from '../sql-fragments.ts';

/**
 * Ends a statement: what `happened (event, kid)` goes into the trail with it. The parameter is a JSON text that says who
 * caused it.
 */
const recorded = (cause: string) => `audit as (
  insert into auth.audit_events (event, actor_id, session_id, address, request_id, detail)
  select happened.event, (cause->>'actorId')::uuid, (cause->>'sessionId')::uuid, cause->>'address', cause->>'requestId',
    json_build_object('kid', happened.kid, 'cause', cause->>'cause')::jsonb
  from happened, (select ${cause}::text::json as cause) given
)
select event, kid from happened`;

/** $1 kid */
export const findCauseText = `
select detail->>'cause' as cause from auth.audit_events
where event = 'key-activated' and detail->>'kid' = $1 order by at desc limit 1`;

/**
 * Writers of the ring go one after the other, and each sees what the one before left: a statement's snapshot is taken once
 * it runs, so it must not begin before the lock is held. Readers never wait.
 */
export const lockText = 'lock table auth.signing_keys in share row exclusive mode';

export const readText = `
select kid, state, public_jwk as "publicJwk", private_sealed as "privateSealed",
  ${millisecondsOf('created_at')} as "createdAt", ${millisecondsOf('activated_at')} as "activatedAt",
  ${millisecondsOf('retired_at')} as "retiredAt", ${millisecondsOf('now()')} as "readAt"
from auth.signing_keys order by activated_at nulls last`;

/** $1, $2, $3 and $4, $5, $6: kid, public part and sealed private part of the key that signs and of the next, $7 cause */
export const beginText = `
with added as (
  insert into auth.signing_keys (kid, state, public_jwk, private_sealed, activated_at)
  select kid, state, jwk::jsonb, sealed, activated_at
  from (values ($1, 'current', $2::text, $3::bytea, now()), ($4, 'next', $5::text, $6::bytea, null))
    as pair (kid, state, jwk, sealed, activated_at)
  where not exists (select from auth.signing_keys)
  returning kid, state
), happened as (
  select 'key-added' as event, kid from added
  union all
  select 'key-activated', kid from added where state = 'current'
), ${recorded('$7')}`;

/**
 * $1 kid, $2 public part, $3 sealed private part, $4 sealed private part of the key that signs, $5 whether a next key that
 * is there gives way, $6 cause.
 *
 * Whoever adds a key shows that they can open the ring as it is: a process with another KEY_ENCRYPTION_KEY would add one that
 * nobody else can use.
 */
export const addText = `
with permitted as (
  select from auth.signing_keys
  where state = 'current' and private_sealed = $4 and not exists (select from auth.signing_keys where kid = $1)
), removed as (
  delete from auth.signing_keys where state = 'next' and $5 and exists (select from permitted) returning kid
), added as (
  insert into auth.signing_keys (kid, state, public_jwk, private_sealed)
  select $1, 'next', $2::text::jsonb, $3 from permitted, (select count(*) as count from removed) removal
  where removal.count > 0 or not exists (select from auth.signing_keys where state = 'next')
  returning kid
), happened as (
  select 'key-removed' as event, kid from removed union all select 'key-added', kid from added
), ${recorded('$6')}`;

/**
 * $1 seconds that a key must have been published, $2 seconds that its predecessor must have signed, $3 sealed private part of
 * the next key, as the caller could open it, $4 cause.
 *
 * The private part of the key that retires is of no use to anyone but a thief, and erased.
 */
export const rotateText = `
with waiting as (
  select from auth.signing_keys
  where state = 'next' and private_sealed = $3 and created_at <= now() - make_interval(secs => $1)
), retired as (
  update auth.signing_keys set state = 'previous', private_sealed = null, retired_at = now()
  where state = 'current' and activated_at <= now() - make_interval(secs => $2) and exists (select from waiting)
  returning kid
), happened as (
  update auth.signing_keys k set state = 'current', activated_at = now() from retired where k.state = 'next'
  returning 'key-activated' as event, k.kid
), ${recorded('$4')}`;

/** $1 the key that leaked, $2 sealed private part of the next key, as the caller could open it, $3 cause */
export const rotateAtOnceText = `
with removed as (
  delete from auth.signing_keys
  where state in ('current', 'previous')
    and exists (select from auth.signing_keys where state = 'current' and kid = $1)
    and exists (select from auth.signing_keys where state = 'next' and private_sealed = $2)
  returning kid
), activated as (
  update auth.signing_keys k set state = 'current', activated_at = now()
  from (select count(*) as count from removed) removal where removal.count > 0 and k.state = 'next'
  returning k.kid
), happened as (
  select 'key-removed' as event, kid from removed union all select 'key-activated', kid from activated
), ${recorded('$3')}`;

/** $1 seconds since a key signed last, $2 cause */
export const removeRetiredText = `
with happened as (
  delete from auth.signing_keys where state = 'previous' and retired_at <= now() - make_interval(secs => $1)
  returning 'key-removed' as event, kid
), ${recorded('$2')}`;

/** $1 cause */
export const removeAllText = `
with happened as (
  delete from auth.signing_keys returning 'key-removed' as event, kid
), ${recorded('$1')}`;

/** $1 JSON: kid, sealed private part as it was and as it becomes, in hexadecimal, $2 cause */
export const resealText = `
with happened as (
  update auth.signing_keys k set private_sealed = decode(given.key->>'becomes', 'hex')
  from json_array_elements($1::text::json) as given (key)
  where k.kid = given.key->>'kid' and k.private_sealed = decode(given.key->>'was', 'hex')
  returning 'keys-resealed' as event, k.kid
), ${recorded('$2')}`;
