import { problemResponses, type Routes } from '@alva/service-kit';
import { passkeyOptions, stepUpBody, stepUpMailAnswer, stepUpOptions, tokenAnswer } from '@alva/validation';
import { requesterOf } from '../http/requester.ts';
import { type PasskeyChallenges } from '../passkeys/passkey-challenges.ts';
import { type StepUp } from './step-up.service.ts';

export interface StepUpRoutesOptions {
  readonly stepUp: StepUp;
  readonly challenges: PasskeyChallenges;
}

const shared = { tags: ['account'], security: [{ bearer: [] }] };
const refusals = ['authentication-required', 'invalid-token'] as const;

/** To be registered in a scope that knows its caller. */
export const stepUpRoutes: Routes<StepUpRoutesOptions> = async (app, { stepUp, challenges }) => {
  app.get(
    '/auth/step-up',
    {
      schema: {
        ...shared,
        summary: 'By what can I show who I am?',
        response: { 200: stepUpOptions, ...problemResponses(...refusals) },
      },
    },
    async ({ caller }) => ({ ways: await stepUp.listWays(caller) }),
  );

  app.post(
    '/auth/step-up/mail',
    {
      schema: {
        ...shared,
        summary: 'Mail me a code for that',
        description: 'To the address of the account, good in this session only. Not where a second factor is on: 403.',
        response: { 202: stepUpMailAnswer, ...problemResponses(...refusals, 'forbidden') },
      },
    },
    async (request, reply) => reply.code(202).send(await stepUp.sendCode(request.caller, requesterOf(request))),
  );

  app.post(
    '/auth/step-up/passkey-options',
    {
      schema: {
        ...shared,
        summary: 'Begin to show a passkey for that',
        description: 'For `navigator.credentials.get`, in this browser and within five minutes.',
        response: { 200: passkeyOptions, ...problemResponses(...refusals) },
      },
    },
    async ({ caller }, reply) => {
      const { challenge, setCookie } = challenges.make({ kind: 'step-up', sessionId: caller.sessionId });
      const options = await stepUp.passkeyOptions(caller, challenge);
      return reply.header('set-cookie', setCookie).send({ ...options });
    },
  );

  app.post(
    '/auth/step-up',
    {
      schema: {
        ...shared,
        summary: 'Show once more who you are',
        description:
          'After 403 `step-up-required`. The token in the answer has an `auth_time` of now and lets you do for ten minutes what was refused; the session and its cookie stay as they are. Where a second factor is on, it is what has to be shown.',
        body: stepUpBody,
        response: {
          200: tokenAnswer,
          ...problemResponses(...refusals, 'malformed-request', 'step-up-failed', 'validation-failed'),
        },
      },
    },
    async (request) => {
      const { caller, body } = request;
      const challenge = challenges.open(request, { kind: 'step-up', sessionId: caller.sessionId });
      return stepUp.stepUp(caller, body, challenge, requesterOf(request));
    },
  );
};
