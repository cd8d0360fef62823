import { z } from 'zod';
import { signInCode } from './magic-links.ts';
import { passkeyAssertion } from './passkeys.ts';
import { loginBody } from './passwords.ts';
import { recoveryCode, totpCode } from './second-factors.ts';

/** By what somebody who is signed in can show once more who they are. */
export const stepUpWays = ['passkey', 'code', 'recoveryCode', 'password', 'mailedCode'] as const;
export type StepUpWay = (typeof stepUpWays)[number];

export const stepUpBody = z.union([
  z.strictObject({ code: totpCode.describe('Of the authenticator app') }),
  z.strictObject({ recoveryCode }),
  z.strictObject({ mailedCode: signInCode }),
  z.strictObject({ password: loginBody.shape.password }),
  z.strictObject({ passkey: passkeyAssertion }),
]);
export type StepUpBody = z.infer<typeof stepUpBody>;

export const stepUpOptions = z.object({ ways: z.array(z.enum(stepUpWays)).describe('The best first') });

export const stepUpMailAnswer = z.object({
  expiresIn: z.number().int().describe('Seconds in which the code is good'),
  resendAfter: z.number().int().describe('Seconds'),
});
