import { index, text, uuid } from '../../drizzle.ts';
import { moment } from '../columns.ts';
import { authSchema } from './schema.ts';

/** Development only: what the `inbox` mail transport "sent", for `/dev/inbox`. Production refuses that transport. */
export const inboxMails = authSchema.table(
  'inbox_mails',
  {
    id: uuid('id').primaryKey(),
    to: text('to').notNull(),
    subject: text('subject').notNull(),
    text: text('text').notNull(),
    html: text('html').notNull(),
    link: text('link'),
    code: text('code'),
    sentAt: moment('sent_at').notNull().defaultNow(),
  },
  (table) => [index('inbox_mails_sent_at_index').on(table.sentAt)],
);
