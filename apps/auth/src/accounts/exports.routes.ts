import { problemResponses, type Routes } from '@alva/service-kit';
import { dataExport, exportedAccount, type ExportedAccount } from '@alva/validation';
import { requesterOf } from '../http/requester.ts';
import { installStepUpGuard } from '../tokens/guards.ts';
import { type Exports } from './exports.service.ts';

export interface ExportRoutesOptions {
  readonly exports: Exports;
  readonly now?: (() => number) | undefined;
}

const tags = ['account'];
const security = [{ bearer: [] }];
const refusals = ['authentication-required', 'invalid-token'] as const;

/** To be registered in a scope that knows its caller. */
export const exportRoutes: Routes<ExportRoutesOptions> = async (app, { exports, now }) => {
  app.get(
    '/auth/me/export',
    {
      schema: {
        tags,
        security,
        summary: 'How the copy of your data is getting on',
        response: { 200: dataExport, ...problemResponses(...refusals, 'not-found') },
      },
    },
    async ({ caller }) => exports.find(caller.person.id),
  );

  const recent: Routes = async (scope) => {
    installStepUpGuard(scope, { now });
    scope.post(
      '/auth/me/export',
      {
        schema: {
          tags,
          security,
          summary: 'Ask for a copy of your data',
          description: 'A letter says when it is ready. While one is being made, asking again asks for the same one.',
          response: { 202: dataExport, ...problemResponses(...refusals, 'step-up-required') },
        },
      },
      async (request, reply) => reply.code(202).send(await exports.ask(request.caller, requesterOf(request))),
    );

    scope.get(
      '/auth/me/export/download',
      {
        schema: {
          tags,
          security,
          summary: 'The copy of your data, as far as it is about your account',
          description: 'Your plans and answers are at `GET /user/export` of the api.',
          response: { 200: exportedAccount, ...problemResponses(...refusals, 'step-up-required', 'not-found') },
        },
      },
      async (request, reply) => {
        const data = (await exports.download(request.caller, requesterOf(request))) as ExportedAccount;
        return reply.header('content-disposition', 'attachment; filename="alva-account.json"').send(data);
      },
    );
  };
  await app.register(recent);
};
