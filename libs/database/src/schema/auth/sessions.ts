import { type AuthenticationMethod, type SessionEndReason } from '@alva/shared-types';
import { index, integer, sql, text, unique, uuid } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { authSchema } from './schema.ts';
import { users } from './users.ts';

/** One sign-in on one device; its refresh tokens form one chain. */
export const sessions = authSchema.table(
  'sessions',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** How the person proved who they are (RFC 8176), and when: becomes `amr` and `auth_time`. */
    amr: text('amr').array().$type<AuthenticationMethod[]>().notNull(),
    authenticatedAt: moment('authenticated_at').notNull(),
    /** Where it was last renewed from. */
    userAgent: text('user_agent'),
    address: text('address'),
    /** ISO 3166-1 alpha-2, as far as the address tells. */
    country: text('country'),
    createdAt: moment('created_at').notNull().defaultNow(),
    lastSeenAt: moment('last_seen_at').notNull().defaultNow(),
    /** The absolute end, however often the session is renewed. */
    expiresAt: moment('expires_at').notNull(),
    endedAt: moment('ended_at'),
    endReason: text('end_reason').$type<SessionEndReason>(),
  },
  // No index on last_seen_at: every refresh writes it, and without one the update stays on its page (HOT).
  (table) => [
    index('sessions_user_id_index').on(table.userId),
    // What ended lately is told to verifiers; what is long over is pruned.
    index('sessions_ended_at_index')
      .on(table.endedAt)
      .where(sql`${table.endedAt} is not null`),
    index('sessions_expires_at_index').on(table.expiresAt),
  ],
);

/** A link of a session's chain. The raw token is known to the browser alone. */
export const refreshTokens = authSchema.table(
  'refresh_tokens',
  {
    /** SHA-256 of the raw token. */
    hash: bytea('hash').primaryKey(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    /** Position in the chain, from 1; the highest is the current token. */
    sequence: integer('sequence').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    /** End of the idle lifetime. */
    expiresAt: moment('expires_at').notNull(),
    spentAt: moment('spent_at'),
    /** The raw successor, sealed under a key that only the raw predecessor yields: the answer for a retry. */
    successorSealed: bytea('successor_sealed'),
  },
  (table) => [
    unique('refresh_tokens_session_id_sequence_unique').on(table.sessionId, table.sequence),
    // For pruning. Neither index holds a column that spending writes, so spending a token stays on its page (HOT).
    index('refresh_tokens_expires_at_index').on(table.expiresAt),
  ],
);
