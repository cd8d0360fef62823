import { roles } from '@alva/shared-types';
import { z } from 'zod';
import { identifier, timestamp } from './primitives.ts';

/** A person as auth shows them to themselves. */
export const person = z
  .object({
    id: identifier,
    email: z.string(),
    name: z.string().nullable(),
    emailVerified: z.boolean(),
    roles: z.array(z.enum(roles)),
    createdAt: timestamp,
    deletionDueAt: timestamp.optional().describe('When the account goes for good; there only if that was asked for'),
  })
  .meta({ id: 'Person' });
export type Person = z.infer<typeof person>;

/** The token-bearing answer of every way in and of refresh; the refresh token itself travels as a cookie. */
export const tokenAnswer = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresIn: z.number().int().positive().describe('Seconds until the access token expires'),
    user: person,
  })
  .meta({ id: 'Tokens' });
export type TokenAnswer = z.infer<typeof tokenAnswer>;

/** What a way in answers with. */
export const signInAnswer = tokenAnswer.extend({
  redirectTo: z
    .string()
    .nullable()
    .describe('Where the person wanted to go: a path, or an address of an allowed origin'),
});
export type SignInAnswer = z.infer<typeof signInAnswer>;
