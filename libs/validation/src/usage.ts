import { z } from 'zod';
import { identifier, timestamp } from './primitives.ts';
import { problemDocument } from './problem-document.ts';

const tokens = z.number().int().min(0);

/** What an owner's jobs have used in a day (UTC), and what is left. */
export const usage = z
  .object({
    period: z.object({ from: timestamp, to: timestamp }).describe('The day: from midnight to midnight, UTC'),
    tokens: z.object({
      limit: tokens,
      used: tokens.describe('By jobs that are over; can exceed the limit by what they needed beyond what was reserved'),
      reserved: tokens.describe('Set aside for jobs that are not over'),
      remaining: tokens.describe('What further jobs may reserve'),
    }),
    cost: z.object({ used: z.number().min(0), currency: z.literal('USD') }),
  })
  .meta({ id: 'Usage' });
export type Usage = z.infer<typeof usage>;

/** What `budget-exhausted` says besides: the budget of the day, and what the job would have reserved. */
export const budgetExhaustedProblem = problemDocument.extend({
  limit: tokens,
  used: tokens,
  reserved: tokens,
  remaining: tokens,
  needed: tokens,
});

/** Tokens a day for one person; null for the budget that everybody has. */
export const ownerLimit = z
  .object({ userId: identifier, dailyTokens: tokens.nullable(), updatedAt: timestamp.nullable() })
  .meta({ id: 'OwnerLimit' });
export type OwnerLimit = z.infer<typeof ownerLimit>;

export const ownerLimitBody = z.strictObject({ dailyTokens: tokens.max(1_000_000_000) });
