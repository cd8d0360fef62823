import { z } from 'zod';
import { forget, keep, recall } from '../../lib/keep.ts';

/** A sign-in that waits for its mail to be opened. Times are milliseconds since the epoch. */
const attemptSchema = z.object({
  id: z.string(),
  email: z.string(),
  next: z.string(),
  /** It began with a registration, which a mail sent once more shall keep. */
  registers: z.boolean().default(false),
  resendAt: z.number(),
  expiresAt: z.number(),
});
export type Attempt = z.infer<typeof attemptSchema>;

const key = 'sign-in-attempt';

export function keepAttempt(attempt: Attempt): Promise<void> {
  return keep(key, attempt);
}

export function forgetAttempt(): Promise<void> {
  return forget(key);
}

/** The attempt begun in this browser, so that a reload or the tab of the link knows whom it is about. */
export async function recallAttempt(): Promise<Attempt | null> {
  const { data } = attemptSchema.safeParse(await recall(key));
  return data !== undefined && data.expiresAt > Date.now() ? data : null;
}
