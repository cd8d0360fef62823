import { authenticationMethods } from '@alva/shared-types';
import { z } from 'zod';
import { page } from './lists.ts';
import { identifier, timestamp } from './primitives.ts';

/** One sign-in on one device, as its owner sees it. */
export const session = z
  .object({
    id: identifier,
    current: z.boolean().describe('Whether it is the one that asks'),
    device: z.string().describe('Browser and system, such as "Firefox on Linux"'),
    address: z.string().nullable().describe('Network address it was last renewed from'),
    country: z.string().length(2).nullable().describe('Where that address is, roughly: ISO 3166-1 alpha-2'),
    amr: z.array(z.enum(authenticationMethods)).describe('How the person signed in (RFC 8176)'),
    createdAt: timestamp,
    lastSeenAt: timestamp,
    expiresAt: timestamp.describe('The end, however much it is used'),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;

export const sessionList = page(session);
export type SessionList = z.infer<typeof sessionList>;
