import { type Parameter } from '@alva/database';
import { type AuditEvent } from '@alva/shared-types';
import { type Slice } from '@alva/service-kit';
import { collectConditions } from '../where.ts';
import { millisecondsOf } from '../sql-fragments.ts';

export interface AuditFilter {
  readonly userId?: string | undefined;
  readonly actorId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly events?: readonly AuditEvent[] | undefined;
  /** Milliseconds since 1970. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Microseconds since 1970, which is as fine as Postgres counts, and the number of the row. */
export type AuditPosition = [micros: string, id: number];

const momentOf = (milliseconds: string) => `to_timestamp(${milliseconds}::float8 / 1000)`;

/** $1 event, $2 user, $3 session, $4 address, $5 request id, $6 detail */
export const insertText = `
insert into auth.audit_events (event, user_id, session_id, address, request_id, detail)
values ($1, $2, $3, $4, $5, $6::text::jsonb)`;

/** The rows are chosen before anyone is looked up, so that people are looked up for one page only. */
export function listStatement(
  filter: AuditFilter,
  { limit, before }: Slice<AuditPosition>,
): { text: string; parameters: Parameter[] } {
  const where = collectConditions();
  const { userId, actorId, sessionId, events, from, to } = filter;
  if (userId !== undefined) where.add(`user_id = ${where.parameter(userId)}`);
  if (actorId !== undefined) where.add(`actor_id = ${where.parameter(actorId)}`);
  if (sessionId !== undefined) where.add(`session_id = ${where.parameter(sessionId)}`);
  if (events) where.add(`event in (${events.map(where.parameter).join(', ')})`);
  if (from !== undefined) where.add(`at >= ${momentOf(where.parameter(from))}`);
  if (to !== undefined) where.add(`at < ${momentOf(where.parameter(to))}`);
  if (before) {
    const [micros, id] = before.map(where.parameter);
    where.add(`(at, id) < (timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond', ${id}::bigint)`);
  }
  const text = `
select e.id::float8 as id, (extract(epoch from e.at) * 1000000)::bigint::text as micros, ${millisecondsOf('e.at')} as at, e.event,
  e.user_id as "userId", u.email as "userEmail", u.name as "userName",
  e.actor_id as "actorId", a.email as "actorEmail", a.name as "actorName",
  e.session_id as "sessionId", e.address, e.request_id as "requestId", e.detail
from (
  select * from auth.audit_events ${where.toString()} order by at desc, id desc limit ${where.parameter(limit)}
) e
left join auth.users u on u.id = e.user_id
left join auth.users a on a.id = e.actor_id
order by e.at desc, e.id desc`;
  return { text, parameters: where.parameters };
}
