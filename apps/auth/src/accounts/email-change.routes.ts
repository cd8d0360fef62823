import { problemResponses, type Routes } from '@alva/service-kit';
import { changeEmailBody, changeEmailAnswer, emailChangeProgress, mailedTokenBody } from '@alva/validation';
import { z } from 'zod';
import { requesterOf } from '../http/requester.ts';
import { installStepUpGuard } from '../tokens/guards.ts';
import { type EmailChanges } from './email-change.service.ts';

export interface EmailChangeRoutesOptions {
  readonly emailChanges: EmailChanges;
  readonly now?: (() => number) | undefined;
}

const tags = ['account'];
const security = [{ bearer: [] }];
const refusals = ['authentication-required', 'invalid-token'] as const;

/** To be registered in a scope that knows its caller. */
export const emailChangeRoutes: Routes<EmailChangeRoutesOptions> = async (app, { emailChanges, now }) => {
  app.delete(
    '/auth/me/email',
    {
      schema: {
        tags,
        security,
        summary: 'Call off a change of address',
        description: 'Where none is under way, nothing happens.',
        response: { 204: z.null(), ...problemResponses(...refusals) },
      },
    },
    async (request, reply) => {
      await emailChanges.withdraw(request.caller, requesterOf(request));
      return reply.code(204).send(null);
    },
  );

  const recent: Routes = async (scope) => {
    installStepUpGuard(scope, { now });
    scope.post(
      '/auth/me/email',
      {
        schema: {
          tags,
          security,
          summary: 'Ask for another address',
          description:
            'Mails both addresses; the account moves once both have agreed. The answer is the same whether anybody has the new address or not.',
          body: changeEmailBody,
          response: {
            202: changeEmailAnswer,
            ...problemResponses('malformed-request', ...refusals, 'step-up-required', 'validation-failed'),
          },
        },
      },
      async (request, reply) =>
        reply.code(202).send(await emailChanges.ask(request.caller, request.body.email, requesterOf(request))),
    );
  };
  await app.register(recent);
};

/** What the mailed links do. They need no session: whoever reads the mailbox decides. */
export const emailChangeLinkRoutes: Routes<{ emailChanges: EmailChanges }> = async (app, { emailChanges }) => {
  const links = ['link-invalid', 'link-expired', 'link-used', 'link-superseded', 'conflict'] as const;

  app.post(
    '/auth/email-change/confirm',
    {
      schema: {
        tags,
        summary: 'Agree to a change of address, for one of the two mailboxes',
        description: 'When both have agreed the account moves, and all sessions but the one that asked end.',
        body: mailedTokenBody,
        response: { 200: emailChangeProgress, ...problemResponses('malformed-request', ...links, 'validation-failed') },
      },
    },
    async (request) => emailChanges.confirm(request.body.token, requesterOf(request)),
  );

  app.post(
    '/auth/email-change/undo',
    {
      schema: {
        tags,
        summary: 'Take a change of address back',
        description: 'The account returns to the address that it had before, and all its sessions end.',
        body: mailedTokenBody,
        response: { 204: z.null(), ...problemResponses('malformed-request', ...links, 'validation-failed') },
      },
    },
    async (request, reply) => {
      await emailChanges.undo(request.body.token, requesterOf(request));
      return reply.code(204).send(null);
    },
  );
};
