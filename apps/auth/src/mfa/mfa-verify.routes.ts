import { onlyFromOwnPages, problemResponses, type Routes } from '@alva/service-kit';
import { signInAnswer, verifySecondFactorBody } from '@alva/validation';
import { type AnswerSignIn } from '../http/answer-sign-in.ts';
import { readSecret, type Cookie } from '../http/cookies.ts';
import { requesterOf } from '../http/requester.ts';
import { type SecondFactorSignIn } from './second-factor-sign-in.service.ts';

export interface MfaVerifyRoutesOptions {
  readonly secondFactorSignIn: SecondFactorSignIn;
  readonly secondFactorCookie: Cookie;
  readonly answerSignIn: AnswerSignIn;
  readonly ownOrigins: readonly string[];
}

/** Acts on a cookie, so it is for our own pages only. */
export const mfaVerifyRoutes: Routes<MfaVerifyRoutesOptions> = async (app, options) => {
  const { secondFactorSignIn, secondFactorCookie, answerSignIn, ownOrigins } = options;
  app.addHook('onRequest', onlyFromOwnPages(ownOrigins));

  app.post(
    '/auth/mfa/verify',
    {
      schema: {
        tags: ['sign-in'],
        summary: 'Finish a sign-in with the second factor',
        security: [{ secondFactorCookie: [] }],
        description:
          'After a way in answered 403 `second-factor-required`, in the same browser: its cookie says who is signing in. A code of the authenticator app or a recovery code, each good once. A passkey does without this: see `/auth/passkeys/sign-in`.',
        body: verifySecondFactorBody,
        response: {
          200: signInAnswer,
          ...problemResponses(
            'malformed-request',
            'challenge-unknown',
            'code-invalid',
            'account-disabled',
            'origin-not-allowed',
            'validation-failed',
          ),
        },
      },
    },
    async (request, reply) => {
      const secret = readSecret(secondFactorCookie, request);
      const signIn = await secondFactorSignIn.verify(request.body, secret, requesterOf(request));
      return answerSignIn(request, reply, signIn, [secondFactorCookie]);
    },
  );
};
