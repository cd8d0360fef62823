import { countUp } from '../limits.sql.ts';
import { secondsUntil } from '../sql-fragments.ts';

const limitKey = `'export:' || $1::text`;

/**
 * $1 user, $2 id, $3 lifetime, $4 and $5 limit of the account, $6 session, $7 network address, $8 request id.
 * One that is being made is not made again; a finished one is replaced.
 */
export const askText = `
with waiting as (
  select id from auth.data_exports where user_id = $1::text::uuid and ready_at is null and expires_at > now()
), counted as (
  ${countUp({ key: limitKey, most: '$4', window: '$5', from: 'where not exists (select from waiting)' })}
), asked as (
  insert into auth.data_exports as e (user_id, id, expires_at)
  select $1::text::uuid, $2, now() + make_interval(secs => $3) from counted
  on conflict (user_id) do update set
    id = excluded.id, created_at = now(), ready_at = null, sealed = null, expires_at = excluded.expires_at
  returning e.id
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id)
  select 'export-asked', $1::text::uuid, $6::uuid, $7, $8 from asked
)
select id from asked union all select id from waiting`;

/** $1 user */
export const limitText = `
select ${secondsUntil('resets_at')} as "resetsIn" from auth.rate_limits where key = ${limitKey}`;

/** $1 user */
export const findText = `
select id, ready_at is not null as ready,
  to_char(created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "askedAt",
  to_char(expires_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "expiresAt"
from auth.data_exports where user_id = $1 and expires_at > now()`;

/** $1 export */
export const ownerText = `
select u.id, u.email from auth.data_exports e join auth.users u on u.id = e.user_id
where e.id = $1 and e.ready_at is null and e.expires_at > now()`;

/**
 * What is handed out of each table that holds something of a person. By name, so that a column which opens something is in
 * a copy only if somebody puts it here.
 */
const parts = {
  person: {
    table: 'users',
    owner: 'id',
    columns: 'id, email, name, email_verified_at, roles, disabled_at, created_at, updated_at',
  },
  sessions: {
    table: 'sessions',
    owner: 'user_id',
    columns:
      'id, amr, user_agent, address, country, authenticated_at, created_at, last_seen_at, expires_at, ended_at, end_reason',
  },
  signInAttempts: {
    table: 'sign_in_attempts',
    owner: 'user_id',
    columns: 'id, email, user_agent, address, created_at, expires_at, spent_at',
  },
  emailChanges: {
    table: 'email_changes',
    owner: 'user_id',
    columns:
      'id, old_email, new_email, created_at, old_confirmed_at, new_confirmed_at, withdrawn_at, moved_at, undone_at',
  },
  knownDevices: { table: 'known_devices', owner: 'user_id', columns: 'device, country, last_seen_at' },
  mails: { table: 'mails', owner: 'user_id', columns: 'id, kind, state, created_at, sent_at' },
  password: { table: 'passwords', owner: 'user_id', columns: 'created_at, changed_at' },
  identities: {
    table: 'identities',
    owner: 'user_id',
    columns: 'id, issuer, subject, provider, email, created_at, last_used_at',
  },
  passkeys: {
    table: 'passkeys',
    owner: 'user_id',
    columns: 'id, name, transports, backed_up, created_at, last_used_at',
  },
  authenticatorApp: { table: 'totp_secrets', owner: 'user_id', columns: 'created_at, confirmed_at' },
  history: { table: 'audit_events', owner: 'user_id', columns: 'at, event, session_id, address, detail' },
} as const;

/** $1 user. What auth holds of them, as one JSON text; each part is a list of rows. */
export const collectText = `
select json_build_object(
  ${Object.entries(parts)
    .map(
      ([name, { table, owner, columns }]) => `'${name}', (
    select coalesce(json_agg(part), '[]') from (select ${columns} from auth.${table} where ${owner} = $1) part
  )`,
    )
    .join(',\n  ')}
)::text as data`;

/** $1 export, $2 sealed JSON. False when it is not waited for any more. */
export const finishText = `
update auth.data_exports set sealed = $2, ready_at = now() where id = $1 and ready_at is null returning id`;

/** $1 user */
export const finishedText = `
select id, encode(sealed, 'base64') as sealed from auth.data_exports
where user_id = $1 and ready_at is not null and expires_at > now()`;

/** $1 export, $2 session, $3 network address, $4 request id. No row: it is there no more, and is not to be handed out. */
export const takeText = `
insert into auth.audit_events (event, user_id, session_id, address, request_id)
select 'export-downloaded', user_id, $2::uuid, $3, $4 from auth.data_exports where id = $1 returning event`;

/** $1 export */
export const discardText = `delete from auth.data_exports where id = $1`;
