import { index, integer, text, uuid } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { authSchema } from './schema.ts';

/** Someone asked to be mailed a sign-in link. The address need not belong to an account yet. */
export const signInAttempts = authSchema.table(
  'sign_in_attempts',
  {
    id: uuid('id').primaryKey(),
    email: text('email').notNull(),
    /**
     * Whose address it was when the link was asked for, if anyone's: the link dies when the account moves to another.
     * No foreign key: checking it would make known addresses slower than unknown ones.
     */
    userId: uuid('user_id'),
    /** SHA-256 of the link's token. */
    tokenHash: bytea('token_hash').notNull().unique(),
    /** Keyed hash of the six-character code and `browserHash`: too short for a plain hash. */
    codeHash: bytea('code_hash').notNull(),
    codeTries: integer('code_tries').notNull().default(0),
    /** SHA-256 of the cookie that the asking browser got. */
    browserHash: bytea('browser_hash').notNull(),
    /** What the asking browser shows and whoever approves it elsewhere types: two digits. */
    number: text('number').notNull(),
    numberTries: integer('number_tries').notNull().default(0),
    /** When the link was used to let the asking browser in; from then on it alone can go on. */
    approvedAt: moment('approved_at'),
    redirectTo: text('redirect_to'),
    userAgent: text('user_agent'),
    address: text('address'),
    createdAt: moment('created_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull(),
    spentAt: moment('spent_at'),
  },
  (table) => [
    // The newest attempt of an address supersedes the older ones; asked whenever one is spent.
    index('sign_in_attempts_email_index').on(table.email, table.createdAt),
    index('sign_in_attempts_expires_at_index').on(table.expiresAt),
  ],
);
