import { problemResponses, type Routes } from '@alva/service-kit';
import { deleteMeBody, deletionAnswer, mailedTokenBody } from '@alva/validation';
import { z } from 'zod';
import { type Cookie } from '../http/cookies.ts';
import { requesterOf } from '../http/requester.ts';
import { installStepUpGuard } from '../tokens/guards.ts';
import { type Deletions } from './deletion.service.ts';

export interface DeletionRoutesOptions {
  readonly deletions: Deletions;
  readonly refreshCookie: Cookie;
  readonly now?: (() => number) | undefined;
}

const tags = ['account'];
const security = [{ bearer: [] }];
const refusals = ['authentication-required', 'invalid-token'] as const;

/** To be registered in a scope that knows its caller. */
export const deletionRoutes: Routes<DeletionRoutesOptions> = async (app, { deletions, refreshCookie, now }) => {
  app.post(
    '/auth/me/keep',
    {
      schema: {
        tags,
        security,
        summary: 'Keep an account that is to be deleted',
        response: { 204: z.null(), ...problemResponses(...refusals) },
      },
    },
    async (request, reply) => {
      await deletions.cancel(request.caller, requesterOf(request));
      return reply.code(204).send(null);
    },
  );

  const recent: Routes = async (scope) => {
    installStepUpGuard(scope, { now });
    scope.delete(
      '/auth/me',
      {
        schema: {
          tags,
          security,
          summary: 'Delete your account',
          description:
            'Signs you out everywhere at once. The account goes for good when the time named in the answer has come; until then `POST /auth/me/keep`, signed in, or the link in the mail keeps it. Signing in alone does not.',
          body: deleteMeBody,
          response: {
            202: deletionAnswer,
            ...problemResponses('malformed-request', ...refusals, 'step-up-required', 'conflict', 'validation-failed'),
          },
        },
      },
      async (request, reply) => {
        const dueAt = await deletions.ask(request.caller, request.body.email, requesterOf(request));
        return reply.code(202).header('set-cookie', refreshCookie.clear()).send({ deletionDueAt: dueAt.toISOString() });
      },
    );
  };
  await app.register(recent);
};

/** What the letter's link does. It signs nobody in. */
export const deletionLinkRoutes: Routes<{ deletions: Deletions }> = async (app, { deletions }) => {
  app.post(
    '/auth/keep-account',
    {
      schema: {
        tags,
        summary: 'Keep an account that is to be deleted, by the link in the letter',
        body: mailedTokenBody,
        response: {
          204: z.null(),
          ...problemResponses('malformed-request', 'link-invalid', 'link-expired', 'link-used', 'validation-failed'),
        },
      },
    },
    async (request, reply) => {
      await deletions.cancelByLink(request.body.token, requesterOf(request));
      return reply.code(204).send(null);
    },
  );
};
