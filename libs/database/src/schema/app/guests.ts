import { index, uniqueIndex, uuid } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { appSchema } from './schema.ts';

/** Those who talk without an account. What is theirs bears their id where a person's bears the `sub`. */
export const guests = appSchema.table(
  'guests',
  {
    id: uuid('id').primaryKey(),
    /** SHA-256 of the token that is all they have. */
    tokenHash: bytea('token_hash').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    /** Moves on while the token is used; what is theirs goes with it. */
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [
    uniqueIndex('guests_token_hash_index').on(table.tokenHash),
    index('guests_expires_at_index').on(table.expiresAt),
  ],
);
