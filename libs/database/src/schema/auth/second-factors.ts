import { type AuthenticationMethod } from '@alva/shared-types';
import { bigint, index, integer, pgCore, text, uuid } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { authSchema } from './schema.ts';
import { users } from './users.ts';

/** The authenticator app of a person (RFC 6238). Once confirmed, no session of theirs begins without a second factor. */
export const totpSecrets = authSchema.table('totp_secrets', {
  userId: uuid('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** Sealed under a key derived from KEY_ENCRYPTION_KEY. */
  secretSealed: bytea('secret_sealed').notNull(),
  createdAt: moment('created_at').notNull().defaultNow(),
  /** When the first code was shown to be right; before that nothing is asked for. */
  confirmedAt: moment('confirmed_at'),
  /** The time step of the last code that was accepted: none is accepted twice. */
  lastStep: bigint('last_step', { mode: 'number' }),
});

/** For whoever has lost the app. They exist for as long as there is one, and each works once. */
export const recoveryCodes = authSchema.table(
  'recovery_codes',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => totpSecrets.userId, { onDelete: 'cascade' }),
    /** SHA-256 of the person's id and the code: 90 random bits need no key, so they outlive a lost KEY_ENCRYPTION_KEY. */
    codeHash: bytea('code_hash').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    usedAt: moment('used_at'),
  },
  (table) => [pgCore.primaryKey({ columns: [table.userId, table.codeHash] })],
);

/** Somebody has shown one factor and owes the second; what they hold opens nothing yet. */
export const secondFactorChallenges = authSchema.table(
  'second_factor_challenges',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256 of the cookie that the browser got. */
    secretHash: bytea('secret_hash').notNull().unique(),
    /** What was shown already. */
    amr: text('amr').array().$type<AuthenticationMethod[]>().notNull(),
    /** Where the person wanted to go. */
    redirectTo: text('redirect_to'),
    tries: integer('tries').notNull().default(0),
    createdAt: moment('created_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull(),
    spentAt: moment('spent_at'),
  },
  (table) => [
    index('second_factor_challenges_user_id_index').on(table.userId),
    index('second_factor_challenges_expires_at_index').on(table.expiresAt),
  ],
);
