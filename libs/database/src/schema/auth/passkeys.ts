import { bigint, boolean, index, text, uuid } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { authSchema } from './schema.ts';
import { users } from './users.ts';

/** WebAuthn credentials. Only public parts: nothing here signs anybody in. */
export const passkeys = authSchema.table(
  'passkeys',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** As the authenticator names it. */
    credentialId: bytea('credential_id').notNull().unique(),
    /** COSE key. */
    publicKey: bytea('public_key').notNull(),
    /** Signatures made so far, as the authenticator counts; 0 for good where it does not count, as synced ones do. */
    signCount: bigint('sign_count', { mode: 'number' }).notNull(),
    /** How browsers reach it: a hint. */
    transports: text('transports').array().notNull(),
    /** What the person calls it. */
    name: text('name').notNull(),
    /** Copied to the person's other devices. */
    backedUp: boolean('backed_up').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    lastUsedAt: moment('last_used_at'),
  },
  (table) => [index('passkeys_user_id_index').on(table.userId)],
);

/** Challenges live sealed in the browser's cookie; here is only which of them were answered, until they expire. */
export const spentPasskeyChallenges = authSchema.table(
  'spent_passkey_challenges',
  {
    /** SHA-256 of the challenge. */
    challengeHash: bytea('challenge_hash').primaryKey(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [index('spent_passkey_challenges_expires_at_index').on(table.expiresAt)],
);
