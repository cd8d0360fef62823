import { z } from 'zod';
import { timestamp } from './primitives.ts';

/** What an authenticator app shows (RFC 6238): six digits; spaces do not matter. */
export const totpCode = z
  .string()
  .max(20)
  .overwrite((value) => value.replace(/\s/g, ''))
  .regex(/^[0-9]{6}$/, 'must be six digits');

/** Twenty letters and digits in groups of five; case, spaces and dashes do not matter. */
export const recoveryCode = z
  .string()
  .max(60)
  .overwrite((value) => value.replace(/[\s-]/g, '').toUpperCase())
  .regex(/^[0-9A-Z]{20}$/, 'must be twenty letters and digits');

export const verifySecondFactorBody = z.union([
  z.strictObject({ code: totpCode.describe('Of the authenticator app') }),
  z.strictObject({ recoveryCode }),
]);
export type VerifySecondFactorBody = z.infer<typeof verifySecondFactorBody>;

export const confirmTotpBody = z.strictObject({ code: totpCode });

export const secondFactorState = z
  .object({
    totp: z
      .object({ confirmedAt: timestamp })
      .nullable()
      .describe('The authenticator app; null when none is asked for'),
    recoveryCodesLeft: z.number().int(),
  })
  .meta({ id: 'SecondFactor' });
export type SecondFactorState = z.infer<typeof secondFactorState>;

export const totpSetup = z.object({
  secret: z.string().describe('Base32, to be typed where nothing can be scanned'),
  uri: z.string().describe('otpauth://, to be shown as a QR code'),
});
export type TotpSetup = z.infer<typeof totpSetup>;

export const recoveryCodeList = z.object({
  recoveryCodes: z.array(z.string()).describe('Shown this once; each opens the account once in place of the app'),
});
export type RecoveryCodeList = z.infer<typeof recoveryCodeList>;
