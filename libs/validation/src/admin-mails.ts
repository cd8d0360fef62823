import { mailStates } from '@alva/shared-types';
import { z } from 'zod';
import { emailAddress } from './email-address.ts';
import { page, pageQuery } from './lists.ts';
import { identifier, timestamp } from './primitives.ts';

export const adminMailsQuery = pageQuery.extend({
  userId: identifier.optional().describe('Whose address it was when the mail was queued'),
  recipient: emailAddress.optional().describe('The address it went to'),
  state: z.enum(mailStates).optional(),
});
export type AdminMailsQuery = z.infer<typeof adminMailsQuery>;

/** What became of one mail; never what was in it. */
export const adminMail = z
  .object({
    id: identifier.describe('Also in its Message-ID, and the idempotency key that the provider got'),
    kind: z.string().describe('`sign-in`, `new-device`, …'),
    user: z
      .object({ id: identifier, email: z.string().nullable(), name: z.string().nullable() })
      .nullable()
      .describe('Whose address it was, if anyone’s; without an address of an account that is no more'),
    state: z.enum(mailStates),
    reason: z.string().nullable().describe('Why, in a word or two, or why the last attempt failed'),
    attempts: z.number().int(),
    transport: z.string().nullable().describe('Who took it'),
    providerId: z.string().nullable().describe('What the provider calls it'),
    createdAt: timestamp,
    expiresAt: timestamp.describe('It is not sent after this'),
    sentAt: timestamp.nullable(),
    settledAt: timestamp.nullable().describe('Since when it is in its state; null while it waits'),
  })
  .meta({ id: 'AdminMail' });
export type AdminMail = z.infer<typeof adminMail>;

export const adminMailList = page(adminMail);
