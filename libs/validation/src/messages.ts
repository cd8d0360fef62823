import { sessionEndReasons } from '@alva/shared-types';
import { z } from 'zod';
import { identifier } from './primitives.ts';

/** Said on `topics.jobEvents(id)`: rows up to `seq` can be read. */
export const jobEventsMessage = z.object({ seq: z.number().int() });

/** Said on `topics.sessionRevoked(sid)` after the commit. */
export const sessionRevokedMessage = z.object({ sid: identifier, sub: identifier, reason: z.enum(sessionEndReasons) });
export type SessionRevokedMessage = z.infer<typeof sessionRevokedMessage>;
