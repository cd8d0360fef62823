import { index, uuid } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { authSchema } from './schema.ts';
import { users } from './users.ts';

/** What auth knows of a person, written down because they asked for it. One at a time, and for a day. */
export const dataExports = authSchema.table(
  'data_exports',
  {
    userId: uuid('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    id: uuid('id').notNull().unique(),
    createdAt: moment('created_at').notNull().defaultNow(),
    readyAt: moment('ready_at'),
    expiresAt: moment('expires_at').notNull(),
    /** JSON, sealed under a key derived from KEY_ENCRYPTION_KEY. */
    sealed: bytea('sealed'),
  },
  (table) => [index('data_exports_expires_at_index').on(table.expiresAt)],
);
