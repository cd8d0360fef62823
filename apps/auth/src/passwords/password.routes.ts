import { ProblemError, problemResponses, type Limiter, type Routes } from '@alva/service-kit';
import {
  forgotPasswordAnswer,
  forgotPasswordBody,
  loginBody,
  registerBody,
  resetPasswordBody,
  sendMagicLinkAnswer,
  signInAnswer,
  verifyEmailBody,
} from '@alva/validation';
import { z } from 'zod';
import { type AnswerSignIn } from '../http/answer-sign-in.ts';
import { readSecret, type Cookie } from '../http/cookies.ts';
import { requesterOf } from '../http/requester.ts';
import { type Login } from './login.service.ts';
import { type Registrations } from './registration.service.ts';
import { type PasswordResets } from './reset.service.ts';
import { type Verification } from './verification.service.ts';

export interface PasswordRoutesOptions {
  readonly login: Login;
  readonly registrations: Registrations;
  readonly resets: PasswordResets;
  readonly verification: Verification;
  readonly attemptCookie: Cookie;
  /** Makes a browser the one that showed the password of an address that is to be confirmed. */
  readonly browserCookie: Cookie;
  readonly answerSignIn: AnswerSignIn;
  /** Counts mails by the address that asked for them. */
  readonly sends: Limiter;
  /** Counts passwords that did not let anyone in, by the address that tried them. */
  readonly failures: Limiter;
}

const tags = ['sign-in'];
const links = ['link-invalid', 'link-expired', 'link-used', 'account-disabled'] as const;

export const passwordRoutes: Routes<PasswordRoutesOptions> = async (app, options) => {
  const { login, registrations, resets, verification, attemptCookie, browserCookie, answerSignIn } = options;
  const { sends, failures } = options;

  app.post(
    '/auth/register',
    {
      schema: {
        tags,
        summary: 'Begin an account',
        description:
          'Mails a sign-in link and code, as `/auth/send-magic-link` does; the account comes into being when one of them is used. Name and password become its own only if that is done in this browser and the address had no account. Without either, it mails once more what this browser registered for the address before. The answer is the same in every case.',
        body: registerBody,
        response: {
          202: sendMagicLinkAnswer,
          ...problemResponses('malformed-request', 'validation-failed', 'service-unavailable'),
        },
      },
    },
    async (request, reply) => {
      const slot = await sends.take(request.visitor.countedAs);
      try {
        const { answer, browserSecret } = await registrations.register(request.body, requesterOf(request), {
          formerSecret: readSecret(attemptCookie, request),
        });
        const cookie = attemptCookie.write(browserSecret, answer.expiresIn);
        return await reply.code(202).headers(slot.headers).header('set-cookie', cookie).send(answer);
      } catch (error) {
        // Nothing was mailed. Where the recipient had enough, a password was hashed all the same, which is not to be had for free.
        if (!isLimit(error)) await slot.giveBack();
        throw error;
      }
    },
  );

  app.post(
    '/auth/login',
    {
      schema: {
        tags,
        summary: 'Sign in with a password',
        description:
          'Unknown addresses, accounts without a password and wrong passwords are answered alike. An address that was never confirmed is mailed a link first (`email-unverified`).',
        body: loginBody,
        response: {
          200: signInAnswer,
          ...problemResponses(
            'malformed-request',
            'validation-failed',
            'credentials-invalid',
            'account-disabled',
            'email-unverified',
            'second-factor-required',
            'service-unavailable',
          ),
        },
      },
    },
    async (request, reply) => {
      const slot = await failures.take(request.visitor.countedAs);
      const signIn = await login.logIn(request.body, requesterOf(request)).catch(async (error: unknown) => {
        // Only what tells something about a password is counted.
        if (!isWrong(error)) await slot.giveBack();
        throw error;
      });
      await slot.giveBack();
      return answerSignIn(request, reply, signIn);
    },
  );

  app.post(
    '/auth/password/forgot',
    {
      schema: {
        tags,
        summary: 'Mail a link to set a new password',
        description: 'The answer is the same whether anyone has the address or not.',
        body: forgotPasswordBody,
        response: { 202: forgotPasswordAnswer, ...problemResponses('malformed-request', 'validation-failed') },
      },
    },
    async (request, reply) => {
      const slot = await sends.take(request.visitor.countedAs);
      try {
        const answer = await resets.ask(request.body.email, requesterOf(request));
        return await reply.code(202).headers(slot.headers).send(answer);
      } catch (error) {
        await slot.giveBack();
        throw error;
      }
    },
  );

  app.post(
    '/auth/password/reset',
    {
      schema: {
        tags,
        summary: 'Set a new password with a mailed link',
        description:
          'Ends all sessions and begins none: sign in with the new password afterwards, and with the second factor where there is one. Works once, for an hour; other links of the account die with it.',
        body: resetPasswordBody,
        response: {
          204: z.null(),
          ...problemResponses('malformed-request', 'validation-failed', ...links, 'service-unavailable'),
        },
      },
    },
    async (request, reply) => {
      await resets.redeem(request.body, requesterOf(request));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/auth/verify-email',
    {
      schema: {
        tags,
        summary: 'Confirm an address and sign in',
        security: [{ confirmationCookie: [] }, {}],
        description:
          'With the link that a sign-in with `email-unverified` mailed. In another browser than the one that showed the password it is answered with 409 `different-browser`; with `confirm: "here"` it confirms all the same, and the password is removed, because nobody who reads the mail has shown it.',
        body: verifyEmailBody,
        response: {
          200: signInAnswer,
          ...problemResponses(
            'malformed-request',
            'validation-failed',
            ...links,
            'second-factor-required',
            'different-browser',
          ),
        },
      },
    },
    async (request, reply) => {
      const secret = readSecret(browserCookie, request);
      const signIn = await verification.redeem(request.body, secret, requesterOf(request));
      return answerSignIn(request, reply, signIn, [browserCookie]);
    },
  );
};

function isLimit(error: unknown): boolean {
  return error instanceof ProblemError && error.problem === 'rate-limited';
}

function isWrong(error: unknown): boolean {
  return error instanceof ProblemError && error.problem === 'credentials-invalid';
}
