import { z } from 'zod';
import { emailAddress } from './email-address.ts';
import { secretToken } from './magic-links.ts';
import { line, timestamp } from './primitives.ts';
import { redirectTarget } from './redirect-target.ts';

/** In characters as people count them, near enough: code points. Spaces and every alphabet are welcome. */
export const passwordLength = { min: 12, max: 128 } as const;

const wellFormed = z
  .string()
  .max(512)
  .refine((value) => value.isWellFormed(), 'must not contain half characters');

/** A password to be set. Whether it is easily guessed is for auth to say. */
export const newPassword = wellFormed
  .refine((value) => lengthOf(value) >= passwordLength.min, `must have at least ${passwordLength.min} characters`)
  .refine((value) => lengthOf(value) <= passwordLength.max, `must have at most ${passwordLength.max} characters`)
  .describe(`${passwordLength.min} to ${passwordLength.max} characters of any kind; common ones are refused`);

function lengthOf(value: string): number {
  return Array.from(value.normalize('NFC')).length;
}

/** A password that is set already, by whatever rules there were. */
const presentPassword = wellFormed.min(1);

export const registerBody = z.strictObject({
  email: emailAddress,
  name: line(100).optional(),
  password: newPassword.optional(),
  redirectTo: redirectTarget.optional(),
});
export type RegisterBody = z.infer<typeof registerBody>;

export const loginBody = z.strictObject({
  email: emailAddress,
  password: presentPassword,
  redirectTo: redirectTarget.optional(),
});
export type LoginBody = z.infer<typeof loginBody>;

export const forgotPasswordBody = z.strictObject({ email: emailAddress });

/** The same for known and unknown addresses, in seconds. */
export const forgotPasswordAnswer = z.object({ expiresIn: z.number().int() });

export const resetPasswordBody = z.strictObject({ token: secretToken, password: newPassword });
export type ResetPasswordBody = z.infer<typeof resetPasswordBody>;

export const changePasswordBody = z.strictObject({
  currentPassword: presentPassword.optional().describe('Needed where there is one'),
  password: newPassword,
});
export type ChangePasswordBody = z.infer<typeof changePasswordBody>;

/** Whether the person has a password. */
export const passwordState = z
  .object({ isSet: z.boolean(), changedAt: timestamp.nullable() })
  .meta({ id: 'PasswordState' });
export type PasswordState = z.infer<typeof passwordState>;

export const verifyEmailBody = z.strictObject({
  token: secretToken,
  confirm: z.literal('here').optional().describe('Confirm here although another browser showed the password'),
});
export type VerifyEmailBody = z.infer<typeof verifyEmailBody>;
