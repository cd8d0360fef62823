import { problemResponses, thingParams, type Routes } from '@alva/service-kit';
import { addPasskeyBody, passkey, passkeyList, passkeyOptions, renamePasskeyBody } from '@alva/validation';
import { z } from 'zod';
import { requesterOf } from '../http/requester.ts';
import { installStepUpGuard } from '../tokens/guards.ts';
import { type PasskeyChallenges } from './passkey-challenges.ts';
import { type Passkeys } from './passkeys.service.ts';

export interface PasskeyRoutesOptions {
  readonly passkeys: Passkeys;
  readonly challenges: PasskeyChallenges;
  readonly now: (() => number) | undefined;
}

const shared = { tags: ['account'], security: [{ bearer: [] }] };
const refusals = ['authentication-required', 'invalid-token'] as const;
const changeRefusals = [...refusals, 'step-up-required'] as const;

/** To be registered in a scope that knows its caller. */
export const passkeyRoutes: Routes<PasskeyRoutesOptions> = async (app, options) => {
  const { passkeys } = options;

  app.get(
    '/auth/passkeys',
    {
      schema: {
        ...shared,
        summary: 'My passkeys',
        description: 'The oldest first; there are 20 at most.',
        response: { 200: passkeyList, ...problemResponses(...refusals) },
      },
    },
    async ({ caller }) => ({ items: await passkeys.list(caller) }),
  );

  app.patch(
    '/auth/passkeys/:id',
    {
      schema: {
        ...shared,
        summary: 'Call a passkey something else',
        params: thingParams,
        body: renamePasskeyBody,
        response: {
          200: passkey,
          ...problemResponses(...refusals, 'malformed-request', 'not-found', 'validation-failed'),
        },
      },
    },
    async ({ caller, params, body }) => passkeys.rename(caller, params.id, body.name),
  );

  await app.register(changes, options);
};

/** Whoever adds or removes one decides who gets in. */
const changes: Routes<PasskeyRoutesOptions> = async (app, { passkeys, challenges, now }) => {
  installStepUpGuard(app, { now });

  app.post(
    '/auth/passkeys/registration-options',
    {
      schema: {
        ...shared,
        summary: 'Begin to add a passkey',
        description: 'For `navigator.credentials.create`, in this browser and within five minutes.',
        response: { 200: passkeyOptions, ...problemResponses(...changeRefusals) },
      },
    },
    async ({ caller }, reply) => {
      const { challenge, setCookie } = challenges.make({ kind: 'add', userId: caller.person.id });
      const options = await passkeys.registrationOptions(caller, challenge);
      return reply.header('set-cookie', setCookie).send({ ...options });
    },
  );

  app.post(
    '/auth/passkeys',
    {
      schema: {
        ...shared,
        summary: 'Add a passkey',
        description: 'With what the browser made of the options. The person is told by mail.',
        body: addPasskeyBody,
        response: {
          201: passkey,
          ...problemResponses(...changeRefusals, 'malformed-request', 'conflict', 'validation-failed'),
        },
      },
    },
    async (request, reply) => {
      const { caller, body } = request;
      const challenge = challenges.open(request, { kind: 'add', userId: caller.person.id });
      const added = await passkeys.add(caller, body, challenge, requesterOf(request));
      return reply.code(201).header('set-cookie', challenges.cookie.clear()).send(added);
    },
  );

  app.delete(
    '/auth/passkeys/:id',
    {
      schema: {
        ...shared,
        summary: 'Remove a passkey',
        description:
          'Not the last way in (409 `last-way-in`): there has to be a verified address, to which a link can be mailed, a provider’s account or another passkey.',
        params: thingParams,
        response: { 204: z.null(), ...problemResponses(...changeRefusals, 'not-found', 'last-way-in') },
      },
    },
    async (request, reply) => {
      await passkeys.remove(request.caller, request.params.id, requesterOf(request));
      return reply.code(204).send(null);
    },
  );
};
