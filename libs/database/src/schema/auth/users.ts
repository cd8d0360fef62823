import { type Role } from '@alva/shared-types';
import { index, sql, text, uuid } from '../../drizzle.ts';
import { moment } from '../columns.ts';
import { authSchema } from './schema.ts';

export const users = authSchema.table(
  'users',
  {
    id: uuid('id').primaryKey(),
    /** In its canonical spelling (`emailAddress` in the validation library). */
    email: text('email').notNull().unique(),
    name: text('name'),
    emailVerifiedAt: moment('email_verified_at'),
    roles: text('roles')
      .array()
      .$type<Role[]>()
      .notNull()
      .default(sql`'{user}'`),
    disabledAt: moment('disabled_at'),
    /** When the address or the password last changed: sign-in links that were asked for before are dead. */
    credentialsChangedAt: moment('credentials_changed_at'),
    /** When the account goes for good, if its person asked for that; until then they may change their mind. */
    deletionDueAt: moment('deletion_due_at'),
    createdAt: moment('created_at').notNull().defaultNow(),
    updatedAt: moment('updated_at').notNull().defaultNow(),
  },
  // An administrator searches by the beginning of an address or a name.
  (table) => [
    index('users_email_prefix_index').using('btree', sql`lower(${table.email}) text_pattern_ops`),
    index('users_name_prefix_index').using('btree', sql`lower(${table.name}) text_pattern_ops`),
    index('users_deletion_due_at_index')
      .on(table.deletionDueAt)
      .where(sql`${table.deletionDueAt} is not null`),
  ],
);
