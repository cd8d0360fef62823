import { ProblemError, type Routes } from '@alva/service-kit';
import { emailAddress, identifier, timestamp } from '@alva/validation';
import { z } from 'zod';
import { type InboxMail, type InboxStore } from '../mail/inbox.store.ts';
import { renderInbox } from './inbox-page.ts';
import { mailPolicy, pagePolicy } from './page-policies.ts';

const inboxMail = z.object({
  id: identifier,
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  link: z.string().nullable(),
  code: z.string().nullable(),
  sentAt: timestamp,
});

const tags = ['development'];

/** Registered only where mail is kept instead of sent. */
export const inboxRoutes: Routes<{ inbox: InboxStore }> = async (app, { inbox }) => {
  app.get(
    '/dev/inbox.json',
    {
      schema: {
        tags,
        summary: 'Every mail, newest first',
        querystring: z.strictObject({ to: emailAddress.optional() }),
        response: { 200: z.array(inboxMail) },
      },
    },
    async ({ query }) => (await inbox.list(query.to)).map(toJson),
  );

  app.get('/dev/inbox', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('content-security-policy', pagePolicy)
      .type('text/html; charset=utf-8')
      .send(renderInbox(await inbox.list(undefined))),
  );

  app.get(
    '/dev/inbox/:id',
    { schema: { hide: true, params: z.object({ id: identifier }) } },
    async ({ params }, reply) => {
      const mail = await inbox.find(params.id);
      if (!mail) throw new ProblemError('not-found');
      return reply.header('content-security-policy', mailPolicy).type('text/html; charset=utf-8').send(mail.html);
    },
  );
};

function toJson(mail: InboxMail) {
  return { ...mail, sentAt: new Date(mail.sentAt).toISOString() };
}
