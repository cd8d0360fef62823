import { jsonb, uuid } from '../../drizzle.ts';
import { moment } from '../columns.ts';
import { appSchema } from './schema.ts';

/** The questionnaire about a person's business, one per person. */
export const profiles = appSchema.table('profiles', {
  userId: uuid('user_id').primaryKey(),
  profile: jsonb('profile').$type<unknown>().notNull(),
  createdAt: moment('created_at').notNull().defaultNow(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
});
