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

export const revocationsQuery = z.strictObject({
  since: timestamp
    .optional()
    .describe('List what ended since then instead of within the window: further back, or only what is new'),
});
