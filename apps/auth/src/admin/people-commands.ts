import { ConfigError } from '@alva/service-kit';
import { emailAddress } from '@alva/validation';
import { type Notify } from '../mail/notifier.ts';
import { secondFactorResetEmail } from '../mfa/second-factor.email.ts';
import { type AnnounceEnds } from '../sessions/announcer.ts';
import { type EndedSession } from '../sessions/sessions.store.ts';
import { type Stores } from '../stores.ts';
import { importPeople } from './import-people.ts';
import { byCommand, type UserChange, type UserDetailRow } from './users.store.ts';

export interface PeopleCommandParts {
  readonly stores: Pick<Stores, 'adminUsers' | 'imports' | 'atomically'>;
  readonly announceEnds: AnnounceEnds;
  /** Undefined where nothing is known to seal mail with. */
  readonly notify: Notify | undefined;
}

/**
 * What `npm run people` can do, when no administrator can or may. Each resolves with the lines to print when whoever
 * verifies tokens was told, and rejects with a ConfigError of one line when it refuses.
 */
export function createPeopleCommands({ stores, announceEnds, notify }: PeopleCommandParts) {
  /** Others are who signs in with another spelling of the address, most likely the same person. */
  async function find(address: string): Promise<{ user: UserDetailRow; others: UserDetailRow[] }> {
    const { success, data: email } = emailAddress.safeParse(address);
    if (!success) throw new ConfigError(`${JSON.stringify(address)} is no e-mail address.`);
    const spellings = await stores.adminUsers.findSpellings(email);
    const others = spellings.filter((each) => each.email !== email);
    const user = spellings.find((each) => each.email === email);
    if (user) return { user, others };
    const what =
      others.length > 0
        ? `. There is ${others.map((each) => each.email).join(', ')}: in another case an address is another account.`
        : ': one is made when that person signs in.';
    throw new ConfigError(`There is no account of ${email}${what}`);
  }

  async function show(address: string): Promise<string[]> {
    const { user, others } = await find(address);
    return [...describe(user), ...others.map(nameOther)];
  }

  async function announce(ended: readonly EndedSession[]): Promise<string> {
    await announceEnds(ended);
    return ended.length === 1 ? '1 session ended' : `${ended.length} sessions ended`;
  }

  async function change(address: string, wanted: UserChange): Promise<string[]> {
    const { user } = await find(address);
    const ended = await stores.atomically(async ({ adminUsers }) => {
      await adminUsers.lock(user.id, user.id);
      return adminUsers.change(user.id, wanted, byCommand);
    });
    const said = await announce(ended);
    return [...(ended.length > 0 ? [`${said}.`] : []), ...(await show(address))];
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
    show,
    disable: (address: string) => change(address, { disabled: true }),
    enable: (address: string) => change(address, { disabled: false }),
    'make-admin': (address: string) => change(address, { roles: ['user', 'admin'] }),
    'end-sessions': async (address: string) => {
      const { user, others } = await find(address);
      const ended = await stores.adminUsers.endSessions(user.id, undefined, byCommand);
      return [`${await announce(ended)}.`, ...others.map(nameOther)];
    },
    async 'reset-second-factor'(address: string): Promise<string[]> {
      const { user } = await find(address);
      const { wasOn, ended } = await stores.atomically(async ({ users, secondFactors }) => {
        await users.lock(user.id);
        return secondFactors.reset(user.id, byCommand);
      });
      if (!wasOn) return [`${user.email} has no second factor.`];
      const said = `${await announce(ended)}. ${user.email} signs in without a second factor from now on.`;
      if (!notify) return [said, 'Nobody was mailed, for KEY_ENCRYPTION_KEY is not set: tell them.'];
      await notify(secondFactorResetEmail({ to: user.email, signInUrl: undefined }));
      return [said];
    },
    import: (path: string) => importPeople(stores, path),
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

function nameOther({ email, disabledAt, liveSessions }: UserDetailRow): string {
  const sessions = liveSessions === 1 ? '1 session' : `${liveSessions} sessions`;
  return `also       ${email}, another account: ${disabledAt === null ? `not disabled, ${sessions} open` : 'disabled'}`;
}
