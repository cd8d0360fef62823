import { type Parameter } from '@alva/database';
import { type Slice } from '@alva/service-kit';
import { type Role } from '@alva/shared-types';
import { personColumns } from '../accounts/person.ts';
import { canEnd, endedColumns, selectEnded } from '../sessions/ending.sql.ts';
import { isOpen } from '../sessions/sessions.sql.ts';
import { millisecondsOf } from '../sql-fragments.ts';
import { collectConditions } from '../where.ts';

export interface UserFilter {
  readonly id?: string | undefined;
  /** The beginning of an address or a name. */
  readonly prefix?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly role?: Role | undefined;
}

const userColumns = `${personColumns('u')}, ${millisecondsOf('u.disabled_at')} as "disabledAt"`;

/** By ranges, not by patterns: an index serves a range whatever the parameter is, and nobody's % or _ means anything. */
const beginsWith = (column: string, prefix: string) =>
  `(lower(${column}) ~>=~ lower(${prefix}) and lower(${column}) ~<~ (lower(${prefix}) || chr(1114111)))`;

export function listStatement(filter: UserFilter, { limit, before }: Slice): { text: string; parameters: Parameter[] } {
  const where = collectConditions();
  const { id, prefix, disabled, role } = filter;
  if (id !== undefined) where.add(`u.id = ${where.parameter(id)}`);
  if (prefix !== undefined) {
    const parameter = `${where.parameter(prefix)}::text`;
    where.add(`(${beginsWith('u.email', parameter)} or ${beginsWith('u.name', parameter)})`);
  }
  if (disabled !== undefined) where.add(`u.disabled_at is ${disabled ? 'not ' : ''}null`);
  if (role !== undefined) where.add(`${where.parameter(role)} = any (u.roles)`);
  if (before !== undefined) where.add(`u.id < ${where.parameter(before)}`);
  const text = `select ${userColumns} from auth.users u ${where.toString()} order by u.id desc limit ${where.parameter(limit)}`;
  return { text, parameters: where.parameters };
}

const detailText = `
select ${userColumns}, (select count(*)::int from auth.sessions s where s.user_id = u.id and ${isOpen('s')}) as "liveSessions"
from auth.users u`;

/** $1 id */
export const findText = `${detailText} where u.id = $1`;

/** $1 address. The accounts of all its spellings that differ in case only: each is an account of its own. */
export const findSpellingsText = `${detailText} where lower(u.email) = lower($1) order by u.email collate "C"`;

/**
 * $1 and $2 the administrator and whom it is about. In the order of their identifiers, so that two who change each other
 * wait for one another instead of both being right: the later finds what the earlier made of them.
 */
export const lockText = `
select u.id, to_json(u.roles) as roles, u.disabled_at is not null as disabled
from auth.users u where u.id in ($1, $2) order by u.id for no key update`;

/**
 * $1 user, $2 whether disabled, or null, $3 roles as JSON, or null, $4 actor, $5 address, $6 request id. Comes after
 * \`lockText\` in one transaction, as a statement of its own: it must see the sessions of a sign-in that held the lock.
 *
 * A role that was taken away would live on in access tokens, so the sessions that can have one end with it.
 */
export const changeText = `
with changed as (
  update auth.users u set
    disabled_at = case when $2::boolean is null then u.disabled_at when $2::boolean then coalesce(u.disabled_at, now()) end,
    roles = case when $3::text is null then u.roles else array(select json_array_elements_text($3::text::json)) end,
    updated_at = now()
  from auth.users old
  where u.id = $1 and old.id = u.id
  returning u.id, u.roles, u.disabled_at, old.roles as old_roles, old.disabled_at as old_disabled_at
), ended as (
  update auth.sessions s set ended_at = now(),
    end_reason = case when c.disabled_at is null then 'revoked' else 'account-disabled' end
  from changed c
  where s.user_id = c.id and ${canEnd('s')}
    and (c.disabled_at is not null or not c.roles @> c.old_roles)
  returning ${endedColumns}
), happened as (
  select 'account-disabled' as event, id as user_id, null::uuid as session_id, '{}'::json as detail
  from changed where disabled_at is not null and old_disabled_at is null
  union all
  select 'account-enabled', id, null, '{}' from changed where disabled_at is null and old_disabled_at is not null
  union all
  select 'roles-changed', id, null, json_build_object('from', old_roles, 'to', roles)
  from changed where roles is distinct from old_roles
  union all
  select 'session-revoked', user_id, id, json_build_object('reason', end_reason) from ended
), audit as (
  insert into auth.audit_events (event, user_id, actor_id, session_id, address, request_id, detail)
  select event, user_id, $4::uuid, session_id, $5::text, $6::text, detail::jsonb from happened
)
${selectEnded}`;

/** What every end of sessions by an administrator leaves: `ended` is what was updated. */
const auditEnds = (actor: string, address: string, requestId: string) => `audit as (
  insert into auth.audit_events (event, user_id, actor_id, session_id, address, request_id, detail)
  select 'session-revoked', user_id, ${actor}::uuid, id, ${address}::text, ${requestId}::text,
    json_build_object('reason', end_reason)::jsonb
  from ended
)
${selectEnded}`;

/** $1 user, $2 session, or null for all of them, $3 actor, $4 address, $5 request id */
export const endSessionsText = `
with ended as (
  update auth.sessions s set ended_at = now(), end_reason = 'revoked'
  where s.user_id = $1 and ${canEnd('s')} and ($2::uuid is null or s.id = $2::uuid)
  returning ${endedColumns}
), ${auditEnds('$3', '$4', '$5')}`;

/** $1 actor, $2 address, $3 request id */
export const endAllSessionsText = `
with ended as (
  update auth.sessions s set ended_at = now(), end_reason = 'revoked'
  where ${canEnd('s')}
  returning ${endedColumns}
), ${auditEnds('$1', '$2', '$3')}`;
