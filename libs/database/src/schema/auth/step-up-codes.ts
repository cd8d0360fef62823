import { integer, uuid } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { authSchema } from './schema.ts';
import { sessions } from './sessions.ts';

/** The code that was mailed last to show once more whose session it is. Good in that session alone. */
export const stepUpCodes = authSchema.table('step_up_codes', {
  sessionId: uuid('session_id')
    .primaryKey()
    .references(() => sessions.id, { onDelete: 'cascade' }),
  /** Keyed hash of the code and the session: too short for a plain hash. */
  codeHash: bytea('code_hash').notNull(),
  tries: integer('tries').notNull().default(0),
  expiresAt: moment('expires_at').notNull(),
});
