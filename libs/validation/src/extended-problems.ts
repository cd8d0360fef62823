import { type ProblemCode } from '@alva/shared-types';
import { z } from 'zod';
import { problemDocument } from './problem-document.ts';
import { differentBrowserProblem } from './sign-in-attempts.ts';

const secondFactorProblem = problemDocument
  .extend({
    expiresIn: z.number().int().describe('Seconds in which `/auth/mfa/verify` or a passkey has to follow'),
    redirectTo: z.string().nullable().describe('Where the sign-in was to lead'),
  })
  .meta({ id: 'SecondFactorProblem' });

const stepUpProblem = problemDocument
  .extend({
    maxAge: z.number().int().describe('Seconds since the last sign-in or step-up that are still recent enough'),
  })
  .meta({ id: 'StepUpProblem' });

const unverifiedProblem = problemDocument
  .extend({ expiresIn: z.number().int().describe('Seconds in which the mailed link is good') })
  .meta({ id: 'UnverifiedProblem' });

/** Problems that say more than all do. */
export const extendedProblems: { readonly [Code in ProblemCode]?: typeof problemDocument } = {
  'different-browser': differentBrowserProblem,
  'email-unverified': unverifiedProblem,
  'second-factor-required': secondFactorProblem,
  'step-up-required': stepUpProblem,
};
