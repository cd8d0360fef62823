import { type OneTimeTokenPurpose } from '@alva/shared-types';
import { index, text, uuid } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { authSchema } from './schema.ts';
import { users } from './users.ts';

/** What a mailed link may do, once: each for one purpose and no other. Sign-in links, which need no account, are attempts. */
export const oneTimeTokens = authSchema.table(
  'one_time_tokens',
  {
    id: uuid('id').primaryKey(),
    purpose: text('purpose').$type<OneTimeTokenPurpose>().notNull(),
    /** SHA-256 of 256 random bits. */
    tokenHash: bytea('token_hash').notNull().unique(),
    /** Null where nobody has the address: the row is there all the same, so that asking takes as long for all. */
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** The address of the account when this was mailed. The token dies when the account moves to another. */
    userEmail: text('user_email').notNull(),
    /** Where it was mailed: the same address, but for one that is to become the account's. */
    email: text('email').notNull(),
    /** SHA-256 of the cookie of the browser that asked, where that matters. */
    browserHash: bytea('browser_hash'),
    createdAt: moment('created_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull(),
    spentAt: moment('spent_at'),
  },
  (table) => [
    index('one_time_tokens_user_id_index').on(table.userId),
    index('one_time_tokens_expires_at_index').on(table.expiresAt),
  ],
);
