import { text, uuid } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { authSchema } from './schema.ts';
import { signInAttempts } from './sign-in-attempts.ts';
import { users } from './users.ts';

/** The passwords of those who have one: in a row of their own, so that whoever reads accounts never meets a hash. */
export const passwords = authSchema.table('passwords', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** Argon2id in PHC format, or as another system made it until the person signs in with it. */
  hash: text('hash').notNull(),
  createdAt: moment('created_at').notNull().defaultNow(),
  /** When the person chose it; hashing it anew does not count. */
  changedAt: moment('changed_at').notNull().defaultNow(),
});

/**
 * What somebody gave who registered. It becomes the account's only if this attempt's link makes the account, in the browser
 * that registered; in every other case it is dropped with the attempt.
 */
export const registrations = authSchema.table('registrations', {
  attemptId: uuid('attempt_id')
    .primaryKey()
    .references(() => signInAttempts.id, { onDelete: 'cascade' }),
  /** SHA-256 of the cookie of the browser that registered. */
  browserHash: bytea('browser_hash').notNull(),
  name: text('name'),
  passwordHash: text('password_hash'),
});
