import { personColumns, selectedPerson } from '../accounts/person.ts';
import { millisecondsOf, secondsUntil } from '../sql-fragments.ts';
import { canEnd, endedColumns, selectEnded } from './ending.sql.ts';

/** A token spent this long ago may still be on its way in another tab, a retry or a second copy of the service. */
const grace = `interval '10 seconds'`;

/**
 * A session has no more tokens made within the grace than this, and so nobody has more links to follow to answer a retry.
 * Five a second, kept up, is more than ten tabs, a held reload key or a test with tokens of five seconds come to.
 */
export const mostLinks = 50;

/** Of two links this far apart the older must have outlived the grace before the newer is made. */
const madeBefore = (sequence: string) => `${sequence} + 1 - ${mostLinks}`;

/**
 * Somebody who has signed in before does so with a device, or from a country, that is new for them. An address that tells no
 * country makes nothing new. The statement sees the devices as they were before it adds one.
 */
const isNewDevice = `exists (select from auth.known_devices d where d.user_id = $2) and not exists (
    select from auth.known_devices d where d.user_id = $2 and d.device = $13 and ($10::text is null or d.country = $10)
  )`;

/**
 * $1 session or challenge, $2 user, $3 amr, $4 token hash, $5 idle lifetime, $6 maximum age, $7 address, $8 user agent,
 * $9 request id, $10 country, $11 hash of the challenge's secret, $12 its lifetime, $13 browser and system,
 * $14 where the person wanted to go.
 *
 * Whether a second factor is owed is decided by the statement that would make the session, so no way in can forget to ask.
 */
export const startText = `
with methods as (
  select array(select json_array_elements_text($3::text::json)) as amr
), owing as (
  select amr from methods
  where not 'mfa' = any (amr) and exists (select from auth.totp_secrets where user_id = $2 and confirmed_at is not null)
), challenge as (
  insert into auth.second_factor_challenges (id, user_id, secret_hash, amr, expires_at, redirect_to)
  select $1, $2, $11, amr, now() + make_interval(secs => $12), $14 from owing
  returning user_id
), session as (
  insert into auth.sessions (id, user_id, amr, authenticated_at, expires_at, address, user_agent, country)
  select $1, $2, amr, now(), now() + make_interval(secs => $6), $7, $8, $10 from methods where not exists (select from owing)
  returning id, user_id, authenticated_at, expires_at
), token as (
  insert into auth.refresh_tokens (hash, session_id, sequence, expires_at)
  select $4, id, 1, least(now() + make_interval(secs => $5), expires_at) from session
  returning expires_at
), known as (
  insert into auth.known_devices (user_id, device, country) select user_id, $13, coalesce($10, 'ZZ') from session
  on conflict (user_id, device, country) do update set last_seen_at = now()
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id)
  select 'signed-in', user_id, id, $7, $9 from session
  union all
  select 'second-factor-asked', user_id, null, $7, $9 from challenge
)
select session.id as "sessionId", ${millisecondsOf('session.authenticated_at')} as "authenticatedAt",
  ${secondsUntil('session.expires_at')} as "endsIn", ${secondsUntil('token.expires_at')} as "idleFor",
  ${isNewDevice} as "newDevice"
from session, token`;

/**
 * $1 presented hash, $2 successor's hash, $3 sealed successor, $4 idle lifetime, $5 address, $6 user agent, $7 country.
 *
 * The session's row is the gate: updating it waits for whoever is ending the session at this moment and then looks again,
 * so nothing is renewed once an end was committed. It also lines up refreshes of one chain; the late ones find the token
 * spent, change nothing and ask \`judgeText\` why. (Which token is spent they learn only there: this statement's own
 * snapshot is older than the winner's commit.) A session that was renewed too often just now is not renewed either.
 */
export const rotateText = `
with session as (
  update auth.sessions s set last_seen_at = now(), address = $5, user_agent = coalesce($6, s.user_agent), country = $7
  from auth.refresh_tokens t, auth.users u
  where t.hash = $1 and t.spent_at is null and t.expires_at > now()
    and s.id = t.session_id and ${canEnd('s')}
    and u.id = s.user_id and u.disabled_at is null
    and not exists (
      select from auth.refresh_tokens e
      where e.session_id = t.session_id and e.sequence = ${madeBefore('t.sequence')} and e.created_at > now() - ${grace}
    )
  returning s.id as session_id, s.amr, s.authenticated_at, s.expires_at, ${personColumns('u')}
), spent as (
  update auth.refresh_tokens t set spent_at = now(), successor_sealed = $3
  from session
  where t.hash = $1 and t.session_id = session.session_id and t.spent_at is null
  returning t.sequence
), successor as (
  insert into auth.refresh_tokens (hash, session_id, sequence, expires_at)
  select $2, session.session_id, spent.sequence + 1, least(now() + make_interval(secs => $4), session.expires_at)
  from session, spent
  returning expires_at
)
select session.session_id as "sessionId", to_json(session.amr) as amr, ${millisecondsOf('session.authenticated_at')} as "authenticatedAt",
  ${secondsUntil('session.expires_at')} as "endsIn", ${secondsUntil('successor.expires_at')} as "idleFor",
  ${selectedPerson('session')}
from session, successor`;

/**
 * $1 token hash. What is to be thought of a token that a rotation would not spend, or that is only asked about: the one
 * reading of the rules, which changes nothing. It is the same before and after pruning: a spent link whose own time is over is
 * good for nothing, and a profile restored from an old backup that shows one ends no session.
 */
export const presentedText = `
  select t.session_id, t.sequence, t.spent_at, s.user_id, s.amr, s.authenticated_at, s.expires_at, s.end_reason, t.created_at,
    current.sequence as current_sequence, current.expires_at as idle_end,
    case when t.sequence < current.sequence - 1 then least(current.expires_at, t.spent_at + ${grace}) else current.expires_at end as usable_until,
    case
      when u.disabled_at is not null then 'disabled'
      when s.ended_at is not null or s.expires_at <= now() or current.expires_at <= now() then 'over'
      when t.spent_at is null then 'hurried'
      when t.spent_at > now() - ${grace} and t.sequence < current.sequence - ${mostLinks} then 'hurried'
      when t.spent_at > now() - ${grace} or t.sequence = current.sequence - 1 then 'retried'
      when t.expires_at <= now() then 'expired'
      else 'reused'
    end as kind
  from auth.refresh_tokens t
  join auth.sessions s on s.id = t.session_id
  join auth.users u on u.id = s.user_id
  cross join lateral (
    select c.sequence, c.expires_at from auth.refresh_tokens c
    where c.session_id = t.session_id order by c.sequence desc limit 1
  ) current
  where t.hash = $1`;

/**
 * $1 presented hash, $2 address, $3 request id. No row: nobody knows this token.
 *
 * A good token that could not be spent was presented too soon: nothing else keeps one from being spent.
 * Detecting reuse and ending the session are one statement: there is no moment between the two in which a crash could leave
 * the thief with a live session. A retry is a sign of life, and gets an access token of which the list of revocations has to
 * know (see `lateText`); within the grace that goes without saying.
 */
export const judgeText = `
with presented as (${presentedText}), seen as (
  update auth.sessions s set last_seen_at = now()
  from presented p
  where p.kind = 'retried' and s.id = p.session_id and s.ended_at is null and s.last_seen_at < now() - ${grace}
), ended as (
  update auth.sessions s set ended_at = now(), end_reason = 'reuse-detected'
  from presented p
  where p.kind = 'reused' and s.id = p.session_id and s.ended_at is null
  returning s.id
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id, detail)
  select 'refresh-token-reused', p.user_id, p.session_id, $2, $3,
    json_build_object('sequence', p.sequence, 'current', p.current_sequence)::jsonb
  from presented p, ended
)
select p.kind, exists (select from ended) as ended,
  coalesce(p.end_reason, case when p.expires_at <= now() then 'too-old' else 'idle' end) as reason, p.session_id as "sessionId", to_json(p.amr) as amr,
  ${millisecondsOf('p.authenticated_at')} as "authenticatedAt", ${secondsUntil('p.expires_at')} as "endsIn",
  ${secondsUntil('p.idle_end')} as "idleFor", ${personColumns('u')},
  case when p.kind = 'hurried' then coalesce((
    select ${secondsUntil(`e.created_at + ${grace}`)} from auth.refresh_tokens e
    where e.session_id = p.session_id and e.sequence = ${madeBefore('p.current_sequence')}
  ), 1) end as "retryAfter",
  case when p.kind = 'retried' then (
    select json_agg(json_build_object('hash', encode(c.hash, 'hex'), 'sealed', encode(c.successor_sealed, 'hex')) order by c.sequence)
    from auth.refresh_tokens c
    where c.session_id = p.session_id and c.sequence >= p.sequence and c.sequence < p.current_sequence
  ) end as chain
from presented p join auth.users u on u.id = p.user_id`;

/** What every end of sessions leaves: `ended` is what was updated, `end_reason` why. */
const auditEnds = (address: string, requestId: string) => `audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id)
  select case end_reason when 'signed-out' then 'signed-out' else 'session-revoked' end, user_id, id, ${address}, ${requestId}
  from ended
)
${selectEnded}`;

/** Only a token that could renew its session can also end it: an old copy is no remote control. See `presentedText`. */
const own = `own as (select session_id, user_id from (${presentedText}) p where p.kind in ('hurried', 'retried'))`;

/** $1 token hash, $2 address, $3 request id */
export const signOutText = `
with ${own}, ended as (
  update auth.sessions s set ended_at = now(), end_reason = 'signed-out'
  from own where s.id = own.session_id and ${canEnd('s')}
  returning ${endedColumns}
), ${auditEnds('$2', '$3')}`;

/**
 * Whoever ends sessions besides their own wants others out: nobody finishes a sign-in that is half done, and no move of the
 * account that another session asked for goes on. `from` names \`user_id\` and \`session_id\`, the one that stays or goes itself.
 */
const putOthersOut = (from: string) => `halfDone as (
  update auth.second_factor_challenges f set spent_at = now() from (${from}) o where f.user_id = o.user_id and f.spent_at is null
), moves as (
  update auth.email_changes c set withdrawn_at = now()
  from (${from}) o
  where c.user_id = o.user_id and c.session_id <> o.session_id and c.moved_at is null and c.withdrawn_at is null
)`;

/** $1 token hash, $2 address, $3 request id */
export const signOutEverywhereText = `
with ${own}, ${putOthersOut('select * from own')}, ended as (
  update auth.sessions s set ended_at = now(),
    end_reason = case when s.id = own.session_id then 'signed-out' else 'revoked' end
  from own where s.user_id = own.user_id and ${canEnd('s')}
  returning ${endedColumns}
), ${auditEnds('$2', '$3')}`;

/**
 * $1 user, $2 the session that asks, $3 the session to end, or null for all but the one that asks, $4 address, $5 request id.
 * The asking session is looked at once more, under its lock: since the request was let in it may have been ended itself, and
 * whoever was put out must not put out others.
 */
export const endText = `
with asking as (
  select id, user_id from auth.sessions where id = $2::uuid and ended_at is null and expires_at > now() for no key update
), ${putOthersOut('select user_id, id as session_id from asking where $3::uuid is null')}, ended as (
  update auth.sessions s set ended_at = now(),
    end_reason = case when s.id = asking.id then 'signed-out' else 'revoked' end
  from asking
  where s.user_id = $1 and ${canEnd('s')}
    and case when $3::uuid is null then s.id <> asking.id else s.id = $3::uuid end
  returning ${endedColumns}
), ${auditEnds('$4', '$5')}`;

/** Only what can still be renewed counts as open. */
export const isOpen = (session: string) => `${session}.ended_at is null and ${session}.expires_at > now()
  and exists (
    select from auth.refresh_tokens t where t.session_id = ${session}.id and t.spent_at is null and t.expires_at > now()
  )`;

/** $1 user, $2 older than this session, or null, $3 how many */
export const listText = `
select s.id, to_json(s.amr) as amr, s.user_agent as "userAgent", s.address, s.country,
  ${millisecondsOf('s.created_at')} as "createdAt", ${millisecondsOf('s.last_seen_at')} as "lastSeenAt",
  ${millisecondsOf('s.expires_at')} as "expiresAt"
from auth.sessions s
where s.user_id = $1 and ($2::uuid is null or s.id < $2::uuid) and ${isOpen('s')}
order by s.id desc limit $3`;

/**
 * $1 session, $2 methods shown now, as JSON, $3 by which way, $4 address, $5 request id. `amr` tells of the same moment as
 * `auth_time`, but that somebody has shown two factors stays. All that was ever shown would not fit into 700 bytes of token.
 */
export const stepUpText = `
with shown as (
  select array(select json_array_elements_text($2::text::json)) as amr
), session as (
  update auth.sessions s set authenticated_at = now(), last_seen_at = now(),
    amr = shown.amr || array(select 'mfa' where 'mfa' = any (s.amr) and not 'mfa' = any (shown.amr))
  from auth.users u, shown
  where s.id = $1 and ${canEnd('s')} and u.id = s.user_id and u.disabled_at is null
  returning s.id as session_id, s.amr, s.authenticated_at, s.expires_at, ${personColumns('u')}
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id, detail)
  select 'stepped-up', id, session_id, $4, $5, json_build_object('way', $3::text)::jsonb from session
)
select session_id as "sessionId", to_json(amr) as amr, ${millisecondsOf('authenticated_at')} as "authenticatedAt",
  ${secondsUntil('expires_at')} as "endsIn", ${secondsUntil('expires_at')} as "idleFor",
  ${selectedPerson('session')}
from session`;

/** $1 session */
export const openText = `
select ${personColumns('u')} from auth.sessions s join auth.users u on u.id = s.user_id
where s.id = $1 and ${canEnd('s')} and u.disabled_at is null`;
