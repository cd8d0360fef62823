import { auditEvents } from '@alva/shared-types';
import { z } from 'zod';
import { page, pageQuery } from './lists.ts';
import { identifier, timestamp } from './primitives.ts';

/** `?event=signed-in&event=signed-out` and `?event=signed-in,signed-out` are the same. */
const eventFilter = z.preprocess(
  (given) => [given].flat().flatMap((names) => (typeof names === 'string' ? names.split(',') : [names])),
  z.array(z.enum(auditEvents)).max(auditEvents.length),
);

export const auditQuery = pageQuery.extend({
  userId: identifier.optional().describe('Whose account it is about'),
  actorId: identifier.optional().describe('Which administrator did it'),
  sessionId: identifier.optional(),
  event: eventFilter.optional().describe('One or several, repeated or separated by commas'),
  from: timestamp.optional().describe('Not before this moment'),
  to: timestamp.optional().describe('Before this moment'),
});
export type AuditQuery = z.infer<typeof auditQuery>;

const participant = z
  .object({
    id: identifier,
    email: z.string().nullable().describe('As it is now; null of an account that is no more'),
    name: z.string().nullable(),
  })
  .meta({ id: 'AuditParticipant' });

/** Something that security cares about, as it happened. */
export const auditRecord = z
  .object({
    id: z.number().int(),
    at: timestamp,
    // Any word: during an update a newer copy of the service may have written one that this copy does not know.
    event: z.union([z.enum(auditEvents), z.string()]).describe('A word of the filter `event`, or of a newer version'),
    user: participant.nullable().describe('Whose account it is about, if anyone’s'),
    actor: participant.nullable().describe('Who did it, where that is an administrator'),
    sessionId: identifier.nullable(),
    address: z.string().nullable().describe('Network address of whoever asked; null of commands'),
    requestId: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditRecord' });
export type AuditRecord = z.infer<typeof auditRecord>;

export const auditRecordList = page(auditRecord);
