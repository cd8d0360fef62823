import { problemResponses, type Routes } from '@alva/service-kit';
import { confirmTotpBody, recoveryCodeList, secondFactorState, totpSetup } from '@alva/validation';
import { z } from 'zod';
import { requesterOf } from '../http/requester.ts';
import { installStepUpGuard } from '../tokens/guards.ts';
import { type SecondFactorSettings } from './second-factor.service.ts';

export interface MfaRoutesOptions {
  readonly secondFactor: SecondFactorSettings;
  readonly now: (() => number) | undefined;
}

const shared = { tags: ['account'], security: [{ bearer: [] }] };
const refusals = ['authentication-required', 'invalid-token'] as const;
const changeRefusals = [...refusals, 'step-up-required'] as const;

/** To be registered in a scope that knows its caller. */
export const mfaRoutes: Routes<MfaRoutesOptions> = async (app, options) => {
  const { secondFactor } = options;

  app.get(
    '/auth/mfa',
    {
      schema: {
        ...shared,
        summary: 'Is a second factor asked for?',
        response: { 200: secondFactorState, ...problemResponses(...refusals) },
      },
    },
    async ({ caller }) => secondFactor.read(caller),
  );

  await app.register(changes, options);
};

/** Whoever changes it decides who gets in. */
const changes: Routes<MfaRoutesOptions> = async (app, { secondFactor, now }) => {
  installStepUpGuard(app, { now });

  app.post(
    '/auth/mfa/totp',
    {
      schema: {
        ...shared,
        summary: 'Begin to set up an authenticator app',
        description: 'Nothing is asked for at sign-in until a code was confirmed. Asking again replaces the secret.',
        response: { 200: totpSetup, ...problemResponses(...changeRefusals, 'second-factor-on') },
      },
    },
    async ({ caller }) => secondFactor.propose(caller),
  );

  app.post(
    '/auth/mfa/totp/confirm',
    {
      schema: {
        ...shared,
        summary: 'Switch the second factor on',
        description:
          'From now on every way in asks for it, but for passkeys. Sessions that were opened by one factor end; the one that asks goes on.',
        body: confirmTotpBody,
        response: {
          200: recoveryCodeList,
          ...problemResponses(
            ...changeRefusals,
            'malformed-request',
            'second-factor-on',
            'second-factor-off',
            'validation-failed',
          ),
        },
      },
    },
    async (request) => secondFactor.confirm(request.caller, request.body.code, requesterOf(request)),
  );

  app.delete(
    '/auth/mfa/totp',
    {
      schema: {
        ...shared,
        summary: 'Switch the second factor off',
        response: { 204: z.null(), ...problemResponses(...changeRefusals) },
      },
    },
    async (request, reply) => {
      await secondFactor.switchOff(request.caller, requesterOf(request));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/auth/mfa/recovery-codes',
    {
      schema: {
        ...shared,
        summary: 'Make new recovery codes',
        description: 'The ones before are void.',
        response: { 200: recoveryCodeList, ...problemResponses(...changeRefusals, 'second-factor-off') },
      },
    },
    async (request) => secondFactor.renewRecoveryCodes(request.caller, requesterOf(request)),
  );
};
