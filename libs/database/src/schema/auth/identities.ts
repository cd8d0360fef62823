import { index, sql, text, unique, uuid } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { authSchema } from './schema.ts';
import { sessions } from './sessions.ts';
import { users } from './users.ts';

/** Somebody's account at another provider. Issuer and subject say who it is; addresses change hands, subjects never do. */
export const identities = authSchema.table(
  'identities',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    /** What the provider was called in this installation when it was last used. */
    provider: text('provider').notNull(),
    /** What the provider last called its verified address. Only shown: nobody is found by it. */
    email: text('email'),
    createdAt: moment('created_at').notNull().defaultNow(),
    lastUsedAt: moment('last_used_at').notNull().defaultNow(),
  },
  (table) => [
    unique('identities_issuer_subject_unique').on(table.issuer, table.subject),
    index('identities_user_id_index').on(table.userId),
  ],
);

/**
 * A browser was sent to a provider and is to come back. The nonce and the PKCE verifier are not kept: they follow from the
 * raw state, the browser's cookie and the service's key, of which the database has none.
 */
export const providerAttempts = authSchema.table(
  'provider_attempts',
  {
    id: uuid('id').primaryKey(),
    /** SHA-256 of `state`. */
    stateHash: bytea('state_hash').notNull().unique(),
    /** SHA-256 of the cookie that the browser got. */
    browserHash: bytea('browser_hash').notNull(),
    provider: text('provider').notNull(),
    redirectTo: text('redirect_to'),
    /** Set when somebody who is signed in connects the provider to their account: it dies with that session. */
    sessionId: uuid('session_id').references(() => sessions.id, { onDelete: 'cascade' }),
    createdAt: moment('created_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull(),
    spentAt: moment('spent_at'),
  },
  (table) => [
    index('provider_attempts_expires_at_index').on(table.expiresAt),
    // For the cascade; most attempts are nobody's yet.
    index('provider_attempts_session_id_index')
      .on(table.sessionId)
      .where(sql`${table.sessionId} is not null`),
  ],
);
