import { onlyFromOwnPages, problemResponses, type Routes } from '@alva/service-kit';
import { passkeyOptions, passkeySignInBody, signInAnswer } from '@alva/validation';
import { type AnswerSignIn } from '../http/answer-sign-in.ts';
import { type Cookie } from '../http/cookies.ts';
import { requesterOf } from '../http/requester.ts';
import { type PasskeyChallenges } from './passkey-challenges.ts';
import { type PasskeySignIn } from './passkey-sign-in.service.ts';

export interface PasskeySignInRoutesOptions {
  readonly passkeySignIn: PasskeySignIn;
  readonly challenges: PasskeyChallenges;
  readonly secondFactorCookie: Cookie;
  readonly answerSignIn: AnswerSignIn;
  readonly ownOrigins: readonly string[];
}

const tags = ['sign-in'];

/** Acts on a cookie, so it is for our own pages only. */
export const passkeySignInRoutes: Routes<PasskeySignInRoutesOptions> = async (app, options) => {
  const { passkeySignIn, challenges, secondFactorCookie, answerSignIn, ownOrigins } = options;
  app.addHook('onRequest', onlyFromOwnPages(ownOrigins));

  app.post(
    '/auth/passkeys/sign-in-options',
    {
      schema: {
        tags,
        summary: 'Begin to sign in with a passkey',
        description:
          'For `navigator.credentials.get`, in this browser and within five minutes; also for autofill (`mediation: "conditional"`). The same for everybody: the browser knows whose passkeys it has.',
        response: { 200: passkeyOptions, ...problemResponses('origin-not-allowed') },
      },
    },
    async (_request, reply) => {
      const { challenge, setCookie } = challenges.make({ kind: 'sign-in' });
      return reply.header('set-cookie', setCookie).send({ ...(await passkeySignIn.options(challenge)) });
    },
  );

  app.post(
    '/auth/passkeys/sign-in',
    {
      schema: {
        tags,
        summary: 'Sign in with a passkey',
        security: [{ passkeyCookie: [] }],
        description:
          'It has to have seen its owner (user verification), and so is both factors at once: nothing else is asked for, also in place of the second factor of another way in.',
        body: passkeySignInBody,
        response: {
          200: signInAnswer,
          ...problemResponses(
            'malformed-request',
            'challenge-unknown',
            'passkey-invalid',
            'account-disabled',
            'origin-not-allowed',
            'validation-failed',
          ),
        },
      },
    },
    async (request, reply) => {
      const challenge = challenges.open(request, { kind: 'sign-in' });
      const signIn = await passkeySignIn.signIn(request.body.credential, challenge, requesterOf(request));
      return answerSignIn(request, reply, signIn, [challenges.cookie, secondFactorCookie]);
    },
  );
};
