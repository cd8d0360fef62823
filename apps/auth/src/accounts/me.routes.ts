import { problemResponses, type Routes } from '@alva/service-kit';
import { account, changeMeBody, person, type Account } from '@alva/validation';
import { requesterOf } from '../http/requester.ts';
import { type Caller } from '../tokens/guards.ts';
import { type EmailChanges } from './email-change.service.ts';
import { toPerson } from './person.ts';
import { type UsersStore } from './users.store.ts';

export interface MeRoutesOptions {
  readonly users: Pick<UsersStore, 'rename'>;
  readonly emailChanges: Pick<EmailChanges, 'findPending'>;
}

const tags = ['account'];
const security = [{ bearer: [] }];

/** To be registered in a scope that knows its caller. */
export const meRoutes: Routes<MeRoutesOptions> = async (app, { users, emailChanges }) => {
  async function describe({ person: row }: Caller): Promise<Account> {
    const pending = await emailChanges.findPending(row.id);
    return {
      ...toPerson(row),
      emailChange: pending ? { ...pending, expiresAt: new Date(pending.expiresAt).toISOString() } : null,
    };
  }

  app.get(
    '/auth/me',
    {
      schema: {
        tags,
        security,
        summary: 'Who am I?',
        response: { 200: account, ...problemResponses('authentication-required', 'invalid-token') },
      },
    },
    async ({ caller }) => describe(caller),
  );

  app.patch(
    '/auth/me',
    {
      schema: {
        tags,
        security,
        summary: 'Change your name',
        description: 'Nothing else of an account is changed here: the address has a way of its own.',
        body: changeMeBody,
        response: {
          200: person,
          ...problemResponses('malformed-request', 'authentication-required', 'invalid-token', 'validation-failed'),
        },
      },
    },
    async (request) => {
      const { caller, body } = request;
      return toPerson(await users.rename(caller.person.id, caller.sessionId, body.name, requesterOf(request)));
    },
  );
};
