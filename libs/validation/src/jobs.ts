import { jobStates } from '@alva/shared-types';
import { z } from 'zod';
import { identifier, timestamp } from './primitives.ts';

/** A kind of work: the capability it belongs to and what is done, such as `plan.generate`. Each capability names its own. */
export const jobType = z.string().regex(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);

/** A piece of work as its owner sees it. */
export const job = z
  .object({
    id: identifier,
    type: jobType,
    state: z.enum(jobStates),
    progress: z.object({ step: z.string(), percent: z.number().int().min(0).max(100) }),
    attempt: z.number().int().min(0),
    createdAt: timestamp,
    startedAt: timestamp.nullable(),
    finishedAt: timestamp.nullable(),
    error: z.object({ code: z.string(), detail: z.string() }).optional(),
    usage: z.object({ inputTokens: z.number().int(), outputTokens: z.number().int(), cost: z.number() }).optional(),
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof job>;

/** What a delivery in the queue carries: only which row to work on. Everything else is in the row. */
export const jobDelivery = z.strictObject({ jobId: identifier });
export type JobDelivery = z.infer<typeof jobDelivery>;

/** A client's name for one intended effect, so that a repeated request has it once. */
export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{8,128}$/, 'must be 8 to 128 visible ASCII characters');
