import { index, isNotNull, text, uuid } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { authSchema } from './schema.ts';
import { users } from './users.ts';

/** An account on its way to another address: it moves once both mailboxes have agreed. The newest of an account counts. */
export const emailChanges = authSchema.table(
  'email_changes',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The session that asked: the one that goes on, and whose end for cause calls the change off. */
    sessionId: uuid('session_id').notNull(),
    oldEmail: text('old_email').notNull(),
    newEmail: text('new_email').notNull(),
    /** SHA-256 of what was mailed to each. */
    oldHash: bytea('old_hash').notNull().unique(),
    newHash: bytea('new_hash').notNull().unique(),
    oldConfirmedAt: moment('old_confirmed_at'),
    newConfirmedAt: moment('new_confirmed_at'),
    createdAt: moment('created_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull(),
    withdrawnAt: moment('withdrawn_at'),
    movedAt: moment('moved_at'),
    /** The way back, mailed to the old address once the account has moved. */
    undoHash: bytea('undo_hash').unique(),
    undoUntil: moment('undo_until'),
    undoneAt: moment('undone_at'),
  },
  (table) => [
    index('email_changes_user_id_index').on(table.userId, table.createdAt),
    index('email_changes_expires_at_index').on(table.expiresAt),
    // For how long an address is kept for the account that left it.
    index('email_changes_old_email_index').on(table.oldEmail).where(isNotNull(table.undoUntil)),
  ],
);
