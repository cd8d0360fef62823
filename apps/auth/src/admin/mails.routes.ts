import { problemResponses, type Routes } from '@alva/service-kit';
import { adminMailList, adminMailsQuery } from '@alva/validation';
import { type MailRecords } from '../mail/mails.service.ts';

export interface MailRoutesOptions {
  readonly mailRecords: MailRecords;
}

export const mailRoutes: Routes<MailRoutesOptions> = async (app, { mailRecords }) => {
  app.get(
    '/admin/mails',
    {
      schema: {
        tags: ['administration'],
        security: [{ bearer: [] }],
        summary: 'What became of mails, newest first',
        description:
          'Never what was in them. Filters narrow each other. `recipient` also finds mails to addresses without an account, in any case.',
        querystring: adminMailsQuery,
        response: {
          200: adminMailList,
          ...problemResponses('authentication-required', 'invalid-token', 'forbidden', 'validation-failed'),
        },
      },
    },
    async ({ query }) => mailRecords.list(query),
  );
};
