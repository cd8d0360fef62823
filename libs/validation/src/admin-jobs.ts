import { jobStates } from '@alva/shared-types';
import { z } from 'zod';
import { jobType } from './jobs.ts';
import { pageQuery } from './lists.ts';
import { identifier, timestamp } from './primitives.ts';

export const adminJobsQuery = pageQuery.extend({
  state: z.enum(jobStates).optional(),
  type: jobType.optional(),
  userId: identifier.optional().describe('Whose jobs'),
});
export type AdminJobsQuery = z.infer<typeof adminJobsQuery>;

const count = z.number().int().min(0);

/** How somebody's job is getting on; never what it is about. */
export const adminJob = z
  .object({
    id: identifier,
    type: jobType,
    state: z.enum(jobStates),
    userId: identifier,
    percent: count.max(100),
    attempt: count.describe('Runs so far'),
    failures: count.describe('Runs that failed by themselves'),
    errorCode: z.string().nullable(),
    reservedTokens: count.describe('Set aside when it was asked for'),
    inputTokens: count.nullable(),
    outputTokens: count.nullable(),
    cost: z.number().nullable().describe('In US dollars'),
    createdAt: timestamp,
    startedAt: timestamp.nullable(),
    heartbeatAt: timestamp.nullable().describe('Last sign of life of a run'),
    finishedAt: timestamp.nullable(),
  })
  .meta({ id: 'AdminJob' });
export type AdminJob = z.infer<typeof adminJob>;
