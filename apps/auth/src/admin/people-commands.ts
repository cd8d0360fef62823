import { ConfigError } from '@alva/service-kit';
import { emailAddress } from '@alva/validation';
import { type AnnounceEnds } from '../sessions/announcer.ts';
import { type EndedSession } from '../sessions/sessions.store.ts';
import { type Stores } from '../stores.ts';
import { byCommand, type UserChange, type UserDetailRow } from './users.store.ts';

export interface PeopleCommandParts {
  readonly stores: Pick<Stores, 'adminUsers' | 'atomically'>;
  readonly announceEnds: AnnounceEnds;
}

/**
 * What `npm run people` can do, when no administrator can or may. Each resolves with the lines to print when whoever
 * verifies tokens was told, and rejects with a ConfigError of one line when it refuses.
 */
export function createPeopleCommands({ stores, announceEnds }: PeopleCommandParts) {
  async function find(address: string): Promise<UserDetailRow> {
    const { success, data: email } = emailAddress.safeParse(address);
    if (!success) throw new ConfigError(`${JSON.stringify(address)} is no e-mail address.`);
    const user = await stores.adminUsers.findByEmail(email);
    if (!user) throw new ConfigError(`There is no account of ${email}: one is made when that person signs in.`);
    return user;
  }

  async function announce(ended: readonly EndedSession[]): Promise<string> {
    await announceEnds(ended);
    return ended.length === 1 ? '1 session ended' : `${ended.length} sessions ended`;
  }

  async function change(address: string, wanted: (user: UserDetailRow) => UserChange): Promise<string[]> {
    const user = await find(address);
    const ended = await stores.atomically(async ({ adminUsers }) => {
      await adminUsers.lock(user.id, user.id);
      return adminUsers.change(user.id, wanted(user), byCommand);
    });
    return [`${await announce(ended)}.`, ...describe(await find(address))];
  }

  return {
    /** What one wants to see first: who can do what, and who can do nothing. */
    async list(): Promise<string[]> {
      const first = { limit: 1000, before: undefined };
      const [admins, disabled] = await Promise.all([
        stores.adminUsers.list({ role: 'admin', disabled: false }, first),
        stores.adminUsers.list({ disabled: true }, first),
      ]);
      const lines = [
        ...admins.map(({ email }) => `admin      ${email}`),
        ...disabled.map(({ email, roles }) => `disabled   ${email}${roles.includes('admin') ? ' (admin)' : ''}`),
      ];
      return lines.length > 0 ? lines : ['There is no administrator, and nobody is disabled.'];
    },
    show: async (address: string) => describe(await find(address)),
    disable: (address: string) => change(address, () => ({ disabled: true })),
    enable: (address: string) => change(address, () => ({ disabled: false })),
    'make-admin': (address: string) => change(address, () => ({ roles: ['user', 'admin'] })),
    'end-sessions': async (address: string) => {
      const { id } = await find(address);
      return [`${await announce(await stores.adminUsers.endSessions(id, undefined, byCommand))}.`];
    },
    async 'end-all-sessions'({ yes }: { yes: boolean }): Promise<string[]> {
      if (!yes) throw new ConfigError('This signs everybody out. To do it: npm run people -- end-all-sessions --yes');
      return [`${await announce(await stores.adminUsers.endAllSessions(byCommand))}.`];
    },
  };
}

function describe({ id, email, roles, disabledAt, liveSessions }: UserDetailRow): string[] {
  return [
    `id         ${id}`,
    `email      ${email}`,
    `roles      ${roles.join(', ')}`,
    `disabled   ${disabledAt === null ? 'no' : `since ${new Date(disabledAt).toISOString()}`}`,
    `sessions   ${liveSessions} open`,
  ];
}
