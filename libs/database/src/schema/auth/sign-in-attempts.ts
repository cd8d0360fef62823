import { index, integer, text, uuid } from 'drizzle-orm/pg-core';
import { bytea, moment } from '../columns.ts';
import { authSchema } from './schema.ts';

/** Someone asked to be mailed a sign-in link. The address need not belong to an account yet. */
export const signInAttempts = authSchema.table(
  'sign_in_attempts',
  {
    id: uuid('id').primaryKey(),
    email: text('email').notNull(),
    /** SHA-256 of the link's token. */
    tokenHash: bytea('token_hash').notNull().unique(),
    /** Keyed hash of the six-character code: too short for a plain hash. */
    codeHash: bytea('code_hash').notNull(),
    codeTries: integer('code_tries').notNull().default(0),
    /** SHA-256 of the cookie that the asking browser got. */
    browserHash: bytea('browser_hash').notNull(),
    redirectTo: text('redirect_to'),
    userAgent: text('user_agent'),
    address: text('address'),
    createdAt: moment('created_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull(),
    spentAt: moment('spent_at'),
    /** A newer link for the same address was asked for. */
    supersededAt: moment('superseded_at'),
  },
  (table) => [
    index('sign_in_attempts_email_index').on(table.email, table.createdAt),
    index('sign_in_attempts_expires_at_index').on(table.expiresAt),
  ],
);
