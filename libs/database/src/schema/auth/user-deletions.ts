import { uuid } from '../../drizzle.ts';
import { moment } from '../columns.ts';
import { authSchema } from './schema.ts';

/** People who are gone here and whom the api may still remember: a row is told until the api says that it has forgotten. */
export const userDeletions = authSchema.table('user_deletions', {
  id: uuid('id').primaryKey(),
  userId: uuid('user_id').notNull(),
  createdAt: moment('created_at').notNull().defaultNow(),
});
