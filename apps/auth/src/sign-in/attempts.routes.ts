import { onlyFromOwnPages, problemResponses, thingParams, type Routes } from '@alva/service-kit';
import { approveSignInBody, signInAnswer, signInAttempt } from '@alva/validation';
import { z } from 'zod';
import { type AnswerSignIn } from '../http/answer-sign-in.ts';
import { readSecret, type Cookie } from '../http/cookies.ts';
import { requesterOf } from '../http/requester.ts';
import { type Attempts } from './attempts.service.ts';

export interface AttemptRoutesOptions {
  readonly attempts: Attempts;
  readonly attemptCookie: Cookie;
  readonly answerSignIn: AnswerSignIn;
  readonly ownOrigins: readonly string[];
}

const tags = ['sign-in'];
const deadLinks = ['link-invalid', 'link-expired', 'link-used', 'link-superseded'] as const;

export const attemptRoutes: Routes<AttemptRoutesOptions> = async (app, options) => {
  const { attempts, attemptCookie, answerSignIn, ownOrigins } = options;

  app.get(
    '/auth/sign-in-attempts/:id',
    {
      schema: {
        tags,
        security: [{ attemptCookie: [] }],
        summary: 'Has anyone let me in yet?',
        description:
          'For the browser that asked for a link and waits. It shows the number; whoever opens the link elsewhere types it there. Asking changes nothing, and the answer is the same whether anyone has the address or not.',
        params: thingParams,
        response: { 200: signInAttempt, ...problemResponses('attempt-unknown') },
      },
    },
    async (request) => attempts.look(request.params.id, readSecret(attemptCookie, request)),
  );

  app.post(
    '/auth/sign-in-attempts/:id/approve',
    {
      schema: {
        tags,
        summary: 'Let the browser in that waits',
        description:
          'From the browser where the link was opened. Spends the link; it opens no session here. A few wrong numbers, and this attempt can no longer be approved: the link still signs in where it was opened, the code where it was asked for.',
        params: thingParams,
        body: approveSignInBody,
        response: {
          204: z.null(),
          ...problemResponses('malformed-request', ...deadLinks, 'number-invalid', 'validation-failed'),
        },
      },
    },
    async (request, reply) => {
      await attempts.approve(request.params.id, request.body, requesterOf(request));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/auth/sign-in-attempts/:id/complete',
    {
      onRequest: onlyFromOwnPages(ownOrigins),
      schema: {
        tags,
        security: [{ attemptCookie: [] }],
        summary: 'Sign in the browser that waited',
        description: 'Works once, after the attempt was approved; 409 `attempt-pending` before.',
        params: thingParams,
        response: {
          200: signInAnswer,
          ...problemResponses(
            ...deadLinks,
            'attempt-unknown',
            'account-disabled',
            'second-factor-required',
            'origin-not-allowed',
            'attempt-pending',
          ),
        },
      },
    },
    async (request, reply) => {
      const browserSecret = readSecret(attemptCookie, request);
      const signIn = await attempts.complete(request.params.id, browserSecret, requesterOf(request));
      return answerSignIn(request, reply, signIn, [attemptCookie]);
    },
  );
};
