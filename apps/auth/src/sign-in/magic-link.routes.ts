import { problemResponses, type Limiter, type Routes } from '@alva/service-kit';
import { sendMagicLinkAnswer, sendMagicLinkBody, signInAnswer, verifyMagicLinkBody } from '@alva/validation';
import { type AnswerSignIn } from '../http/answer-sign-in.ts';
import { readSecret, type Cookie } from '../http/cookies.ts';
import { requesterOf } from '../http/requester.ts';
import { type MagicLinks } from './magic-link.service.ts';

export interface MagicLinkRoutesOptions {
  readonly magicLinks: MagicLinks;
  readonly attemptCookie: Cookie;
  readonly answerSignIn: AnswerSignIn;
  /** Counts mails by the address that asked for them. */
  readonly sends: Limiter;
}

const tags = ['sign-in'];

export const magicLinkRoutes: Routes<MagicLinkRoutesOptions> = async (app, options) => {
  const { magicLinks, attemptCookie, answerSignIn, sends } = options;

  app.post(
    '/auth/send-magic-link',
    {
      schema: {
        tags,
        summary: 'Mail a sign-in link and code',
        description:
          'The answer is the same whether anyone has the address or not. A cookie makes this browser the one that asked: the code works only here, and the link asks before it signs in anywhere else.',
        body: sendMagicLinkBody,
        response: { 202: sendMagicLinkAnswer, ...problemResponses('malformed-request', 'validation-failed') },
      },
    },
    async (request, reply) => {
      const slot = await sends.take(request.visitor.countedAs);
      try {
        const { answer, browserSecret } = await magicLinks.send(request.body, requesterOf(request));
        const cookie = attemptCookie.write(browserSecret, answer.expiresIn);
        return await reply.code(202).headers(slot.headers).header('set-cookie', cookie).send(answer);
      } catch (error) {
        // Nothing was mailed.
        await slot.giveBack();
        throw error;
      }
    },
  );

  app.post(
    '/auth/verify-magic-link',
    {
      schema: {
        tags,
        summary: 'Sign in with a link or a code',
        description:
          'Works once. An address nobody has yet becomes an account here. A link opened in another browser than the one that asked is answered with 409 `different-browser`, which says who asked, and stays good: send `confirm: "here"` to sign in all the same, or let the other browser in with `/auth/sign-in-attempts/{id}/approve`.',
        body: verifyMagicLinkBody,
        response: {
          200: signInAnswer,
          ...problemResponses(
            'malformed-request',
            'link-invalid',
            'link-expired',
            'link-used',
            'link-superseded',
            'code-invalid',
            'attempt-unknown',
            'account-disabled',
            'second-factor-required',
            'conflict',
            'different-browser',
            'validation-failed',
          ),
        },
      },
    },
    async (request, reply) => {
      const signIn = await magicLinks.redeem(request.body, readSecret(attemptCookie, request), requesterOf(request));
      return answerSignIn(request, reply, signIn, [attemptCookie]);
    },
  );
};
