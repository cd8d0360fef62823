import { ProblemError } from '@alva/service-kit';
import { type RecoveryCodeList, type SecondFactorState, type TotpSetup } from '@alva/validation';
import { describeDevice, type Requester } from '../http/requester.ts';
import { type Notify } from '../mail/notifier.ts';
import { type AnnounceEnds } from '../sessions/announcer.ts';
import { type Stores } from '../stores.ts';
import { type Caller } from '../tokens/guards.ts';
import { lockCaller } from '../tokens/lock-caller.ts';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts';
import { type SecondFactorCodes } from './second-factor-codes.ts';
import {
  recoveryCodesMadeEmail,
  secondFactorOffEmail,
  secondFactorOnEmail,
  type SecurityLetter,
} from './second-factor.email.ts';
import { newTotpSecret, otpauthUri, toBase32 } from './totp.ts';
import { type TotpSeal } from './totp-seal.ts';

export interface SecondFactorSettingsOptions {
  readonly stores: Stores;
  readonly totpSeal: TotpSeal;
  readonly codes: SecondFactorCodes;
  readonly announceEnds: AnnounceEnds;
  readonly notify: Notify;
  readonly securityUrl: string;
}

export type SecondFactorSettings = ReturnType<typeof createSecondFactorSettings>;

/** The person's own second factor: setting it up, switching it off, codes for the day the phone is gone. */
export function createSecondFactorSettings(options: SecondFactorSettingsOptions) {
  const { stores, totpSeal, codes, announceEnds, notify, securityUrl } = options;

  const letterTo = ({ person }: Caller, { userAgent }: Requester): SecurityLetter => ({
    to: person.email,
    device: describeDevice(userAgent),
    securityUrl,
  });

  return {
    async read({ person }: Caller): Promise<SecondFactorState> {
      const factor = await stores.secondFactors.find(person.id);
      if (!factor || factor.confirmedAt === null) return { totp: null, recoveryCodesLeft: 0 };
      const confirmedAt = new Date(factor.confirmedAt).toISOString();
      return { totp: { confirmedAt }, recoveryCodesLeft: factor.recoveryCodesLeft };
    },

    /** A secret for an app. Nothing is asked for until `confirm`. Throws `second-factor-on`. */
    async propose({ person: { id, email } }: Caller): Promise<TotpSetup> {
      const secret = newTotpSecret();
      if (!(await stores.secondFactors.propose(id, totpSeal.seal(id, secret))))
        throw new ProblemError('second-factor-on');
      return { secret: toBase32(secret), uri: otpauthUri(secret, { issuer: 'Alva', account: email }) };
    },

    /**
     * Switches the second factor on once the app has shown a right code, and answers with recovery codes. The account's row
     * is locked as the entrance locks it: a sign-in by one factor is over before, and its session ends, or finds it on.
     * Throws `second-factor-off` when no secret was proposed, `second-factor-on`, and 422 for a wrong code.
     */
    async confirm(caller: Caller, code: string, requester: Requester): Promise<RecoveryCodeList> {
      const { person, sessionId } = caller;
      const recoveryCodes = newRecoveryCodes();
      const codeHashes = recoveryCodes.map((each) => hashRecoveryCode(person.id, each));
      const ended = await stores.atomically(async ({ users, sessions, secondFactors }) => {
        await lockCaller({ users, sessions }, caller);
        const factor = await secondFactors.find(person.id);
        if (!factor) throw new ProblemError('second-factor-off');
        if (factor.confirmedAt !== null) throw new ProblemError('second-factor-on');
        const { secretSealed } = factor;
        const step = codes.judge(person.id, secretSealed, code);
        if (step === undefined) throw wrongCode('cannot be checked any more: begin to set the app up once more');
        if (step === null) throw wrongCode(notShown);
        return secondFactors.confirm({ userId: person.id, sessionId }, { secretSealed, step, codeHashes }, requester);
      });
      await announceEnds(ended);
      await notify(secondFactorOnEmail(letterTo(caller, requester)), {
        userId: person.id,
        requestId: requester.requestId,
      });
      return { recoveryCodes };
    },

    /** The codes before are void. Throws `second-factor-off`. */
    async renewRecoveryCodes(caller: Caller, requester: Requester): Promise<RecoveryCodeList> {
      const { person, sessionId } = caller;
      const recoveryCodes = newRecoveryCodes();
      const hashes = recoveryCodes.map((each) => hashRecoveryCode(person.id, each));
      const isDone = await stores.atomically(async ({ users, sessions, secondFactors }) => {
        await lockCaller({ users, sessions }, caller);
        return secondFactors.replaceCodes({ userId: person.id, sessionId }, hashes, requester);
      });
      if (!isDone) throw new ProblemError('second-factor-off');
      await notify(recoveryCodesMadeEmail(letterTo(caller, requester)), {
        userId: person.id,
        requestId: requester.requestId,
      });
      return { recoveryCodes };
    },

    /** Nothing to switch off is no error: what was asked for is the case. */
    async switchOff(caller: Caller, requester: Requester): Promise<void> {
      const { person, sessionId } = caller;
      const wasOn = await stores.atomically(async ({ users, sessions, secondFactors }) => {
        await lockCaller({ users, sessions }, caller);
        return secondFactors.switchOff({ userId: person.id, sessionId }, requester);
      });
      if (!wasOn) return;
      await notify(secondFactorOffEmail(letterTo(caller, requester)), {
        userId: person.id,
        requestId: requester.requestId,
      });
    },
  };
}

const notShown = 'is not the code that the app shows now; if it is, the clock of the phone is wrong';

function wrongCode(detail: string): ProblemError {
  return new ProblemError('validation-failed', { errors: [{ pointer: '#/code', detail }] });
}
