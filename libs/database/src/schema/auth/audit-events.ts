import { type AuditEvent } from '@alva/shared-types';
import { bigint, index, jsonb, text, uuid } from '../../drizzle.ts';
import { moment } from '../columns.ts';
import { authSchema } from './schema.ts';

/** What happened that security cares about. Only ever appended to; never holds a secret. */
export const auditEvents = authSchema.table(
  'audit_events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: moment('at').notNull().defaultNow(),
    event: text('event').$type<AuditEvent>().notNull(),
    /** Whose account it is about. */
    userId: uuid('user_id'),
    /** Who did it, where that is somebody else: an administrator. */
    actorId: uuid('actor_id'),
    sessionId: uuid('session_id'),
    address: text('address'),
    requestId: text('request_id'),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull().default({}),
  },
  // Every list is read backwards in time along one of these; the number settles ties within one transaction.
  (table) => [
    index('audit_events_at_index').on(table.at, table.id),
    index('audit_events_user_id_index').on(table.userId, table.at, table.id),
    index('audit_events_actor_id_index').on(table.actorId, table.at, table.id),
    index('audit_events_session_id_index').on(table.sessionId, table.at, table.id),
    index('audit_events_event_index').on(table.event, table.at, table.id),
  ],
);
