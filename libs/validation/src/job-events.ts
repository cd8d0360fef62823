import { jobStates, sectionChannels } from '@alva/shared-types';
import { z } from 'zod';
import { identifier } from './primitives.ts';

/**
 * The parts of a plan that appear while it is written: `summary`, then a section per channel.
 * A `state` event with a higher `attempt` begins the writing anew; readers drop the earlier attempt's text.
 */
export const draftPart = z.enum(['summary', ...sectionChannels]);
export type DraftPart = z.infer<typeof draftPart>;

/** Payloads on a job's event stream by the SSE `event:` name; `id:` is the event's number, counted from 1 within the job. */
export const jobEventData = {
  state: z.object({
    state: z.enum(jobStates),
    attempt: z.number().int(),
    position: z.number().int().optional().describe('Place in line while queued, 1 is next'),
  }),
  step: z.object({ step: z.string(), percent: z.number().int().min(0).max(100) }),
  delta: z.object({
    part: z.string().describe('Which part of the result the text belongs to; for a plan, a channel or `summary`'),
    heading: z.string().optional(),
    text: z.string(),
  }),
  result: z.record(z.string(), identifier).describe('Where the result is, such as `{"planId": "…"}`'),
  error: z.object({ code: z.string(), detail: z.string() }),
} as const;

export const jobEvent = z.discriminatedUnion('event', [
  z.object({ seq: z.number().int(), event: z.literal('state'), data: jobEventData.state }),
  z.object({ seq: z.number().int(), event: z.literal('step'), data: jobEventData.step }),
  z.object({ seq: z.number().int(), event: z.literal('delta'), data: jobEventData.delta }),
  z.object({ seq: z.number().int(), event: z.literal('result'), data: jobEventData.result }),
  z.object({ seq: z.number().int(), event: z.literal('error'), data: jobEventData.error }),
]);
export type JobEvent = z.infer<typeof jobEvent>;
/** An event before it has its number. */
export type NewJobEvent = JobEvent extends infer E ? (E extends JobEvent ? Omit<E, 'seq'> : never) : never;
