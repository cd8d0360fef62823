import { index, pgCore, text, uuid } from '../../drizzle.ts';
import { moment } from '../columns.ts';
import { authSchema } from './schema.ts';
import { users } from './users.ts';

/** With what, and from which country, somebody has signed in: a session on anything else is worth a mail. */
export const knownDevices = authSchema.table(
  'known_devices',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Browser and system as people call them: "Firefox on Linux". */
    device: text('device').notNull(),
    /** ISO 3166-1 alpha-2; its `ZZ`, which is nobody's, where the address does not tell. */
    country: text('country').notNull(),
    lastSeenAt: moment('last_seen_at').notNull().defaultNow(),
  },
  (table) => [
    pgCore.primaryKey({ columns: [table.userId, table.device, table.country] }),
    index('known_devices_last_seen_at_index').on(table.lastSeenAt),
  ],
);
