import { type MailState } from '@alva/shared-types';
import { index, integer, text, uuid } from '../../drizzle.ts';
import { bytea, moment } from '../columns.ts';
import { authSchema } from './schema.ts';

/** What became of each mail; never what was in it. Pruned after a month, later where it came back. */
export const mails = authSchema.table(
  'mails',
  {
    id: uuid('id').primaryKey(),
    kind: text('kind').notNull(),
    /**
     * Whose address it was when it was queued, if anyone's. No foreign key: checking it would make known addresses slower
     * than unknown ones.
     */
    userId: uuid('user_id'),
    /** Keyed hash of the address: enough to find an address one knows, and useless in a dump. */
    recipientHash: bytea('recipient_hash').notNull(),
    state: text('state').$type<MailState>().notNull().default('queued'),
    /** Why it is in that state, in a word or two; never what a server said, which may quote the mail. */
    reason: text('reason'),
    attempts: integer('attempts').notNull().default(0),
    /** Who took it, or was the last to be asked. */
    transport: text('transport'),
    providerId: text('provider_id'),
    createdAt: moment('created_at').notNull().defaultNow(),
    /** After this the mail is of no use to anyone. */
    expiresAt: moment('expires_at').notNull(),
    sentAt: moment('sent_at'),
    /** Since when it is in its state. */
    settledAt: moment('settled_at'),
  },
  (table) => [
    index('mails_created_at_index').on(table.createdAt, table.id),
    index('mails_user_id_index').on(table.userId, table.createdAt, table.id),
    index('mails_recipient_hash_index').on(table.recipientHash, table.createdAt, table.id),
    index('mails_state_index').on(table.state, table.createdAt, table.id),
    index('mails_provider_id_index').on(table.providerId),
  ],
);
