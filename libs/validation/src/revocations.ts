import { z } from 'zod';
import { identifier, timestamp } from './primitives.ts';

/** The end of a session as verifiers are told of it: why exactly is nobody's business but the person's. */
export const revocation = z
  .object({
    sid: identifier,
    endedAt: timestamp,
    reason: z
      .enum(['signed-out', 'revoked'])
      .describe('`signed-out` by the person in that very session; `revoked` for cause, which also stops its jobs'),
  })
  .meta({ id: 'Revocation' });
export type Revocation = z.infer<typeof revocation>;

/** `GET /auth/revocations`: every session that ended within the window, oldest first. */
export const revocationList = z
  .object({
    window: z
      .number()
      .int()
      .positive()
      .describe('Seconds that a session stays listed: until its last access token expired'),
    sessions: z.array(revocation),
  })
  .meta({ id: 'RevocationList' });
export type RevocationList = z.infer<typeof revocationList>;

/** As many as are asked about at once. */
export const mostSids = 100;

export const revocationsQuery = z.strictObject({
  sid: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(identifier).max(mostSids))
    .optional()
    .describe(
      'Instead of the list: which of these sessions have ended, however long ago, up to 100 with commas between',
    ),
});
