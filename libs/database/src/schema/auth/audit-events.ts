import { bigint, index, jsonb, text, uuid } from 'drizzle-orm/pg-core';
import { moment } from '../columns.ts';
import { authSchema } from './schema.ts';

/** What happened that security cares about. Only ever appended to; never holds a secret. */
export const auditEvents = authSchema.table(
  'audit_events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: moment('at').notNull().defaultNow(),
    event: text('event').notNull(),
    userId: uuid('user_id'),
    sessionId: uuid('session_id'),
    address: text('address'),
    requestId: text('request_id'),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull().default({}),
  },
  (table) => [index('audit_events_user_id_index').on(table.userId, table.id)],
);
