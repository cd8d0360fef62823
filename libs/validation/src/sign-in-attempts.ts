import { z } from 'zod';
import { secretToken } from './magic-links.ts';
import { identifier, timestamp } from './primitives.ts';
import { problemDocument } from './problem-document.ts';

/** Two digits, shown by the browser that waits and typed in the one where the link was opened. */
export const matchingNumber = z
  .string()
  .max(10)
  .overwrite((value) => value.trim())
  .regex(/^\d{2}$/, 'must be two digits');

/** A sign-in as the browser that asked for it sees it while it waits. */
export const signInAttempt = z
  .object({
    state: z
      .enum(['pending', 'approved', 'expired'])
      .describe('`approved`: complete it now. `expired`: it leads nowhere any more, for whatever reason'),
    number: matchingNumber.describe('To be typed where the link was opened'),
    expiresIn: z.number().int().describe('Seconds that are left; 0 once expired'),
  })
  .meta({ id: 'SignInAttempt' });
export type SignInAttempt = z.infer<typeof signInAttempt>;

export const approveSignInBody = z.strictObject({
  token: secretToken.describe('Of the link: whoever has it reads the mail'),
  number: matchingNumber.describe('Which the browser that asked for the link shows'),
});
export type ApproveSignInBody = z.infer<typeof approveSignInBody>;

/** Who asked for a link that was opened in another browser: for the person to recognise themselves, or somebody else. */
export const askingBrowser = z.object({
  attemptId: identifier,
  email: z.string().describe('Whose account it opens'),
  device: z.string().describe('Browser and system, such as "Firefox on Linux"'),
  country: z.string().length(2).nullable().describe('Where its network address is, roughly: ISO 3166-1 alpha-2'),
  requestedAt: timestamp,
});
export type AskingBrowser = z.infer<typeof askingBrowser>;

/** 409 `different-browser`. */
export const differentBrowserProblem = problemDocument
  .extend(askingBrowser.shape)
  .meta({ id: 'DifferentBrowserProblem' });
