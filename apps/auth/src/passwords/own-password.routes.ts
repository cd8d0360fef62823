import { problemResponses, type Limiter, type Routes } from '@alva/service-kit';
import { changePasswordBody, passwordState } from '@alva/validation';
import { z } from 'zod';
import { requesterOf } from '../http/requester.ts';
import { installStepUpGuard } from '../tokens/guards.ts';
import { PresentPasswordWrong, type OwnPassword } from './own-password.service.ts';

export interface OwnPasswordRoutesOptions {
  readonly ownPassword: OwnPassword;
  /** Counts wrong passwords by network address, together with those at sign-in. */
  readonly failures: Limiter;
  readonly now?: (() => number) | undefined;
}

const tags = ['account'];
const security = [{ bearer: [] }];
const refusals = ['authentication-required', 'invalid-token'] as const;

/** To be registered in a scope that knows its caller. */
export const ownPasswordRoutes: Routes<OwnPasswordRoutesOptions> = async (app, { ownPassword, failures, now }) => {
  app.get(
    '/auth/password',
    {
      schema: {
        tags,
        security,
        summary: 'Do I have a password?',
        response: { 200: passwordState, ...problemResponses(...refusals) },
      },
    },
    async ({ caller }) => ownPassword.show(caller),
  );

  // The password alone is one factor, and whoever changes it decides who gets in.
  const recent: Routes = async (scope) => {
    installStepUpGuard(scope, { now });
    scope.put(
      '/auth/password',
      {
        schema: {
          tags,
          security,
          summary: 'Set or change my password',
          description:
            'Wants a recent sign-in, and the present password where there is one. All other sessions end, and sign-in links that are under way die.',
          body: changePasswordBody,
          response: {
            204: z.null(),
            ...problemResponses(
              'malformed-request',
              'validation-failed',
              ...refusals,
              'step-up-required',
              'conflict',
              'service-unavailable',
            ),
          },
        },
      },
      async (request, reply) => {
        const slot = await failures.take(request.visitor.countedAs);
        try {
          await ownPassword.change(request.caller, request.body, requesterOf(request));
        } catch (error) {
          if (!(error instanceof PresentPasswordWrong)) await slot.giveBack();
          throw error;
        }
        await slot.giveBack();
        return reply.code(204).send(null);
      },
    );
  };
  await app.register(recent);
};
