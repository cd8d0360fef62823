import { ProblemError, toProblem } from '@alva/service-kit';
import { type AuthenticationMethod } from '@alva/shared-types';
import { type ProvenAccount } from '../accounts/users.store.ts';
import { type Requester } from '../http/requester.ts';
import { type AuthMetrics, type WayIn } from '../metrics.ts';
import { type AnnounceEnds } from '../sessions/announcer.ts';
import { type Grant, type SecondFactorOwed, type Sessions } from '../sessions/sessions.service.ts';
import { type Stores, type StoresInside } from '../stores.ts';
import { type NewDeviceNotices } from './new-devices.ts';

export interface EntranceOptions {
  readonly stores: Stores;
  readonly sessions: Sessions;
  readonly announceEnds: AnnounceEnds;
  readonly metrics: AuthMetrics;
  readonly adminEmail: string | undefined;
  readonly newDevices: NewDeviceNotices;
}

/** Whoever a way in has found, and where they wanted to go. */
export interface Identified {
  readonly account: ProvenAccount;
  readonly redirectTo: string | null;
}

export type SignIn = (Granted | SecondFactorOwed) & { readonly redirectTo: string | null };

interface Granted extends Grant {
  readonly kind: 'granted';
}

export type Entrance = ReturnType<typeof createEntrance>;

/** What all ways in have in common once they know who it is. */
export function createEntrance({ stores, sessions, announceEnds, metrics, adminEmail, newDevices }: EntranceOptions) {
  /**
   * `identify` says who has proven what `amr` claims, having locked that account's row; undefined when nobody has. What it
   * spends is committed together with the session, or the second factor's challenge, or not at all.
   *
   * Throws `keys-unavailable` where no token could be signed, before anything is spent, `account-disabled`, and `conflict`
   * where a new account would be in the way of one that can still be taken back.
   */
  async function enter(
    amr: AuthenticationMethod[],
    requester: Requester,
    identify: (inside: StoresInside) => Promise<Identified | undefined>,
  ): Promise<SignIn | undefined> {
    const grant = sessions.prepareGrant();
    const outcome = await stores.atomically(async (inside) => {
      const identified = await identify(inside);
      if (!identified) return undefined;
      const { account, redirectTo } = identified;
      if (account.addressIsKept) throw addressIsKept();
      // Said only to someone who has proven to be this person; what they showed stays as it was.
      if (account.disabled) throw new AccountDisabled(account.person.id);
      const { id, email, emailVerified } = account.person;
      const promoted = emailVerified && email === adminEmail && (await inside.users.makeAdmin(id, requester));
      const begun = await sessions.start(inside.sessions, promoted || account.person, amr, requester, redirectTo);
      return { begun, redirectTo, ended: account.ended ?? [] };
    });
    if (!outcome) return undefined;
    const { begun, redirectTo, ended } = outcome;
    await announceEnds(ended);
    if (begun.kind === 'second-factor-owed') return { ...begun, redirectTo };
    if (begun.newDevice) newDevices.tell(begun.person, requester);
    return { kind: 'granted', ...grant(begun, begun.refreshToken), redirectTo };
  }

  /** Counts how a try by this way came out, and records refusals that were rolled back with what was under way. */
  async function observe<Result extends SignIn>(
    way: WayIn,
    requester: Requester,
    attempt: () => Promise<Result>,
  ): Promise<Result> {
    try {
      const signIn = await attempt();
      metrics.countSignIn(way, signIn.kind === 'granted' ? 'succeeded' : 'second-factor-asked');
      return signIn;
    } catch (error) {
      if (error instanceof AccountDisabled) {
        const detail = { way, reason: error.problem };
        await stores.audit.insert({ event: 'sign-in-refused', userId: error.userId, detail }, requester);
      }
      metrics.countSignIn(way, toProblem(error).status < 500 ? 'refused' : 'unavailable');
      throw error;
    }
  }

  return { enter, observe };
}

/** Told to somebody who has proven the address, so it tells nobody anything about others. */
const addressIsKept = () =>
  new ProblemError('conflict', {
    detail:
      'An account moved away from this address a short while ago. Take it back by the link of the letter that said so, or sign in with its new address.',
  });

class AccountDisabled extends ProblemError {
  readonly userId: string;

  constructor(userId: string) {
    super('account-disabled');
    this.userId = userId;
  }
}
