import { bigint, check, date, index, integer, numeric, pgCore, sql, uuid } from '../../drizzle.ts';
import { moment } from '../columns.ts';
import { appSchema } from './schema.ts';

/** What somebody's jobs cost on one day (UTC), and what is set aside for those that are not over. */
export const usageDays = appSchema.table(
  'usage_days',
  {
    /** A person, or a guest. */
    userId: uuid('user_id').notNull(),
    day: date('day', { mode: 'string' }).notNull(),
    tokensUsed: bigint('tokens_used', { mode: 'number' }).notNull().default(0),
    /** How many were asked for on that day, those that were called off as well. */
    jobsBegun: integer('jobs_begun').notNull().default(0),
    /** How many of the day's jobs are not over, and the sum of what they have reserved. */
    jobsUnfinished: integer('jobs_unfinished').notNull().default(0),
    tokensReserved: bigint('tokens_reserved', { mode: 'number' }).notNull().default(0),
    cost: numeric('cost', { precision: 14, scale: 6, mode: 'number' }).notNull().default(0),
  },
  (table) => [
    pgCore.primaryKey({ columns: [table.userId, table.day] }),
    index('usage_days_day_index').on(table.day),
    check('usage_days_tokens_reserved_check', sql`${table.tokensReserved} >= 0`),
  ],
);

/** Budgets that administrators gave to single owners; everybody else has the configured one. */
export const usageLimits = appSchema.table('usage_limits', {
  userId: uuid('user_id').primaryKey(),
  dailyTokens: integer('daily_tokens').notNull(),
  updatedAt: moment('updated_at').notNull().defaultNow(),
});
