import { index, integer, text } from '../../drizzle.ts';
import { moment } from '../columns.ts';
import { authSchema } from './schema.ts';

/**
 * How often something was done to an address in the present window. Kept here rather than in a process, so that they hold
 * across copies and restarts, and are counted in the very statement that does the thing.
 */
export const rateLimits = authSchema.table(
  'rate_limits',
  {
    key: text('key').primaryKey(),
    hits: integer('hits').notNull(),
    resetsAt: moment('resets_at').notNull(),
  },
  (table) => [index('rate_limits_resets_at_index').on(table.resetsAt)],
);
