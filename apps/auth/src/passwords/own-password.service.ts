import { ProblemError } from '@alva/service-kit';
import { type ChangePasswordBody, type PasswordState } from '@alva/validation';
import { describeDevice, type Requester } from '../http/requester.ts';
import { type Notify } from '../mail/notifier.ts';
import { type AnnounceEnds } from '../sessions/announcer.ts';
import { type Stores } from '../stores.ts';
import { type Caller } from '../tokens/guards.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import { type Hasher } from './hasher.ts';
import { type Login } from './login.service.ts';
import { passwordChangedEmail } from './password-changed.email.ts';
import { refuseWeakPassword } from './refuse-weak.ts';

export interface OwnPasswordOptions {
  readonly stores: Stores;
  readonly hasher: Hasher;
  readonly login: Pick<Login, 'check'>;
  readonly announceEnds: AnnounceEnds;
  readonly notify: Notify;
  readonly webUrl: string;
}

export type OwnPassword = ReturnType<typeof createOwnPassword>;

export function createOwnPassword(options: OwnPasswordOptions) {
  const { stores, hasher, login, announceEnds, notify, webUrl } = options;

  async function show({ person }: Caller): Promise<PasswordState> {
    const found = await stores.passwords.find(person.id);
    return { isSet: found !== undefined, changedAt: found ? new Date(found.changedAt).toISOString() : null };
  }

  /** Ends all sessions but the one that asks. Throws `PresentPasswordWrong`. */
  async function change(caller: Caller, body: ChangePasswordBody, requester: Requester): Promise<void> {
    const { person, sessionId } = caller;
    const present = await stores.passwords.find(person.id);
    if (present) await requirePassword(caller, body.currentPassword, requester);
    refuseWeakPassword(body.password, person);
    const hash = await hasher.hash(body.password);
    const ended = await stores.atomically(async (inside) => {
      await inside.passwords.deleteAttempts(person.email);
      // What was checked may have been changed by somebody else meanwhile, or the session ended.
      await lockCaller(inside, caller);
      const now = await inside.passwords.find(person.id);
      if (now?.changedAt !== present?.changedAt) throw new ProblemError('conflict');
      return inside.passwords.set(person.id, hash, { keep: sessionId, byLink: false }, requester);
    });
    await announceEnds(ended);
    const device = describeDevice(requester.userAgent);
    const mail = passwordChangedEmail({
      to: person.email,
      byLink: false,
      device,
      forgotUrl: `${webUrl}/sign-in/forgot`,
    });
    await notify(mail, { userId: person.id, requestId: requester.requestId });
  }

  async function requirePassword({ person, sessionId }: Caller, given: string | undefined, requester: Requester) {
    if (given === undefined) {
      const errors = [{ pointer: '#/currentPassword', detail: 'must be given' }];
      throw new ProblemError('validation-failed', { errors });
    }
    if (await login.check(person.email, given, sessionId)) return;
    const detail = { way: 'password', for: 'password-change' };
    await stores.audit.insert({ event: 'step-up-refused', userId: person.id, sessionId, detail }, requester);
    throw new PresentPasswordWrong();
  }

  return { show, change };
}

/** A guess, unlike whatever else is refused. */
export class PresentPasswordWrong extends ProblemError {
  constructor() {
    super('validation-failed', { errors: [{ pointer: '#/currentPassword', detail: 'is not right' }] });
  }
}
