import { text } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { authSchema } from './schema.ts';

/** Services that may ask about tokens and revoke them (RFC 7662, RFC 7009). Made and removed by a command. */
export const clients = authSchema.table('clients', {
  id: text('id').primaryKey(),
  /** SHA-256 of 256 random bits. */
  secretHash: bytea('secret_hash').notNull(),
  /** What it is for, in the operator's words. */
  name: text('name').notNull(),
  createdAt: moment('created_at').notNull().defaultNow(),
  lastUsedAt: moment('last_used_at'),
});
