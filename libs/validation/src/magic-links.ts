import { z } from 'zod';
import { emailAddress } from './email-address.ts';
import { identifier } from './primitives.ts';
import { redirectTarget } from './redirect-target.ts';

export const sendMagicLinkBody = z.strictObject({ email: emailAddress, redirectTo: redirectTarget.optional() });
export type SendMagicLinkBody = z.infer<typeof sendMagicLinkBody>;

/** The same for known and unknown addresses. Both durations are seconds. */
export const sendMagicLinkAnswer = z.object({
  attemptId: identifier,
  expiresIn: z.number().int(),
  resendAfter: z.number().int().describe('Before that, another mail is not worth asking for, or not sent'),
});
export type SendMagicLinkAnswer = z.infer<typeof sendMagicLinkAnswer>;

/** 256 random bits in base64url: 43 characters, the last of which carries only four bits. */
export const secretToken = z
  .string()
  .regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/, 'must be a token of 43 characters');

/** Six characters from an alphabet without look-alikes; case, spaces and dashes do not matter. */
export const signInCode = z
  .string()
  .max(20)
  .overwrite((value) => value.replace(/[\s-]/g, '').toUpperCase())
  .regex(/^[0-9A-Z]{6}$/, 'must be six letters or digits');

export const verifyMagicLinkBody = z.union([
  z.strictObject({
    token: secretToken,
    confirm: z.literal('here').optional().describe('Sign in here although another browser asked for the link'),
  }),
  z.strictObject({ attemptId: identifier, code: signInCode }),
]);
export type VerifyMagicLinkBody = z.infer<typeof verifyMagicLinkBody>;
