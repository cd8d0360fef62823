import { ConfigError } from '@alva/service-kit';
import { emailAddress } from '@alva/validation';
import { movedAwayEmail, movedHereEmail } from '../accounts/email-changed.email.ts';
import { secondFactorResetEmail, waysInRemovedEmail } from '../mfa/second-factor.email.ts';
import { type AnnounceEnds } from '../sessions/announcer.ts';
import { type EndedSession } from '../sessions/sessions.store.ts';
import { type Stores } from '../stores.ts';
import { describeAccount, nameOther } from './account-report.ts';
import { importPeople } from './import-people.ts';
import { type TellOwner } from './tell-owner.ts';
import { byCommand, type UserChange, type UserDetailRow } from './users.store.ts';

export interface PeopleCommandParts {
  readonly stores: Pick<Stores, 'adminUsers' | 'deletions' | 'emailChanges' | 'imports' | 'waysIn' | 'atomically'>;
  readonly announceEnds: AnnounceEnds;
  readonly tellOwner: TellOwner;
}

/**
 * What `npm run people` can do, when no administrator can or may. Each resolves with the lines to print when whoever
 * verifies tokens was told, and rejects with a ConfigError of one line when it refuses.
 */
export function createPeopleCommands({ stores, announceEnds, tellOwner }: PeopleCommandParts) {
  /** Others are who signs in with another spelling of the address, most likely the same person. */
  async function find(address: string): Promise<{ user: UserDetailRow; others: UserDetailRow[] }> {
    const email = readAddress(address);
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
    const [waysIn, move] = await Promise.all([stores.waysIn.list(user.id), stores.emailChanges.findPending(user.id)]);
    return [...describeAccount(user, waysIn, move), ...others.map(nameOther)];
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
      return [said, ...(await tellOwner(secondFactorResetEmail({ to: user.email, signInUrl: undefined }), user.id))];
    },
    async 'remove-ways-in'(address: string): Promise<string[]> {
      const { user, others } = await find(address);
      const { removed, ended } = await stores.atomically(async ({ users, waysIn }) => {
        await users.lock(user.id);
        return waysIn.removeAll(user.id, byCommand);
      });
      const what = removed === 0 ? 'There was no way in but the mailbox' : 'Only the mailbox is a way in now';
      const told = await tellOwner(waysInRemovedEmail({ to: user.email }), user.id);
      return [`${await announce(ended)}. ${what}.`, ...told, ...others.map(nameOther)];
    },
    async move(address: string, newAddress: string): Promise<string[]> {
      const [{ user }, to] = [await find(address), readAddress(newAddress)];
      const ended = await stores.atomically(async ({ users, emailChanges }) => {
        await users.lock(user.id);
        return emailChanges.moveByOperator(user.id, { from: user.email, to }, byCommand);
      });
      if (!ended)
        throw new ConfigError(`${to} has an account of its own, or ${user.email} has just moved. Nothing was changed.`);
      const said = await announce(ended);
      const told = [await tellOwner(movedAwayEmail({ to: user.email }), user.id)];
      told.push(await tellOwner(movedHereEmail({ to }), user.id));
      return [`${said}. The account has moved.`, ...new Set(told.flat()), ...(await show(to))];
    },
    async keep(address: string): Promise<string[]> {
      const { user } = await find(address);
      if (user.deletionDueAt === null) return [`${user.email} is not to be deleted.`];
      if (!(await stores.deletions.cancel(user.id, null, byCommand)))
        throw new ConfigError(`${user.email} is being deleted: it is too late to keep it.`);
      return show(user.email);
    },
    async delete(address: string, { yes }: { yes: boolean }): Promise<string[]> {
      const { user, others } = await find(address);
      if (!yes)
        throw new ConfigError(
          `This deletes the account of ${user.email} for good, without a grace. To do it: npm run people -- delete ${user.email} --yes`,
        );
      const asked = await stores.deletions.askAtOnce(user.id, byCommand);
      if (!asked) return [`${user.email} is being deleted already.`];
      const said = await announce(asked.ended);
      return [`${said}. Auth deletes the account once no token of it is good any more.`, ...others.map(nameOther)];
    },
    import: (path: string) => importPeople(stores, path),
    async 'end-all-sessions'({ yes }: { yes: boolean }): Promise<string[]> {
      if (!yes) throw new ConfigError('This signs everybody out. To do it: npm run people -- end-all-sessions --yes');
      return [`${await announce(await stores.adminUsers.endAllSessions(byCommand))}.`];
    },
  };
}

function readAddress(address: string): string {
  const { success, data } = emailAddress.safeParse(address);
  if (!success) throw new ConfigError(`${JSON.stringify(address)} is no e-mail address.`);
  return data;
}
