import { check, jsonb, sql, text, uniqueIndex } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { authSchema } from './schema.ts';

/** The ring of ES256 keys: `next` is published, `current` signs, `previous` still verifies. */
export const signingKeys = authSchema.table(
  'signing_keys',
  {
    kid: text('kid').primaryKey(),
    state: text('state').$type<'next' | 'current' | 'previous'>().notNull(),
    publicJwk: jsonb('public_jwk').$type<Record<string, string>>().notNull(),
    /** PKCS #8, sealed with AES-256-GCM under KEY_ENCRYPTION_KEY; erased when the key stops signing. */
    privateSealed: bytea('private_sealed'),
    createdAt: moment('created_at').notNull().defaultNow(),
    activatedAt: moment('activated_at'),
    retiredAt: moment('retired_at'),
  },
  (table) => [
    // At most one key signs and at most one waits, whatever races.
    uniqueIndex('signing_keys_one_per_state')
      .on(table.state)
      .where(sql`${table.state} in ('next', 'current')`),
    check('signing_keys_private_until_retired', sql`(${table.state} = 'previous') = (${table.privateSealed} is null)`),
  ],
);
