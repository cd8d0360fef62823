import { type RunStatement } from '@alva/database';
import { type AuthenticationMethod } from '@alva/shared-types';
import { type Requester } from '../http/requester.ts';
import { type EndedSession } from '../sessions/sessions.store.ts';
import * as texts from './second-factors.sql.ts';

export interface Limit {
  readonly max: number;
  readonly windowSeconds: number;
}

/** Somebody has shown one factor and owes another. */
export interface ChallengeRow {
  readonly id: string;
  readonly userId: string;
  /** What was shown. */
  readonly amr: AuthenticationMethod[];
  readonly redirectTo: string | null;
  readonly exhausted: boolean;
  /** Seconds. */
  readonly expiresIn: number;
}

export interface SecondFactorRow {
  readonly secretSealed: Buffer;
  /** Milliseconds since 1970; null while it was never shown to work. */
  readonly confirmedAt: number | null;
  readonly recoveryCodesLeft: number;
}

/** Wrong codes in a while, and in a longer one: what a patient guesser has. */
export interface CodeLimits {
  readonly short: Limit;
  readonly long: Limit;
}

/** A code that is tried, and the challenge that it answers, if any. */
export interface CodeTry {
  readonly userId: string;
  /** By whom wrong ones are counted: the person, or their session. */
  readonly countedAs: string;
  /** Its time step; null for a wrong one. */
  readonly step: number | null;
  readonly challengeId?: string;
}

export interface RecoveryCodeTry {
  readonly userId: string;
  readonly codeHash: Buffer;
  readonly sessionId?: string;
  readonly challengeId?: string;
}

export interface Change {
  readonly userId: string;
  readonly sessionId: string;
}

/** Whom the audit trail names when it was not the person. */
interface Author {
  readonly id: string | null;
  readonly address: string | null;
  readonly requestId: string | null;
}

export type SecondFactorsStore = ReturnType<typeof createSecondFactorsStore>;

export function createSecondFactorsStore(run: RunStatement) {
  return {
    /** The live challenge of this cookie. */
    async findChallenge(secretHash: Buffer, mostTries: number): Promise<ChallengeRow | undefined> {
      const [row] = await run<ChallengeRow>(texts.findChallengeText, [secretHash, mostTries]);
      return row;
    },

    async find(userId: string): Promise<SecondFactorRow | undefined> {
      const [row] = await run<SecondFactorRow>(texts.findText, [userId]);
      return row;
    },

    /** Spends a right code, with the challenge; counts a wrong one. Undefined when none may be tried. */
    async useCode({ userId, step, countedAs, challengeId }: CodeTry, { short, long }: CodeLimits, mostTries: number) {
      const windows = [short.max, short.windowSeconds, long.max, long.windowSeconds];
      const parameters = [userId, step, countedAs, ...windows];
      const [row] =
        challengeId === undefined
          ? await run<JudgedCode>(texts.useCodeText, parameters)
          : await run<JudgedCode>(texts.answerWithCodeText, [...parameters, challengeId, mostTries]);
      return row;
    },

    /** Why no code can be tried, and the seconds until one can. */
    async findLimit(countedAs: string, { short, long }: CodeLimits): Promise<{ isLong: boolean; resetsIn: number }> {
      const [row] = await run<{ isLong: boolean; resetsIn: number }>(texts.limitText, [countedAs, short.max, long.max]);
      return row ?? { isLong: false, resetsIn: 1 };
    },

    /** Spends a right code, with the challenge, and tells how many are left. Undefined when there is nothing to spend. */
    async useRecoveryCode(
      { userId, codeHash, sessionId, challengeId }: RecoveryCodeTry,
      mostTries: number,
      { address, requestId }: Requester,
    ) {
      const parameters = [userId, codeHash, address, requestId, sessionId ?? null];
      const [row] =
        challengeId === undefined
          ? await run<UsedCode>(texts.useRecoveryCodeText, parameters)
          : await run<UsedCode>(texts.answerWithRecoveryCodeText, [...parameters, challengeId, mostTries]);
      return row;
    },

    /** False when the second factor is on already. */
    async propose(userId: string, secretSealed: Buffer): Promise<boolean> {
      return (await run(texts.proposeText, [userId, secretSealed])).length > 0;
    },

    /** Switches it on and ends the sessions that one factor opened. The account's row is to be locked before. */
    async confirm(
      { userId, sessionId }: Change,
      { secretSealed, step, codeHashes }: { secretSealed: Buffer; step: number; codeHashes: Buffer[] },
      { address, requestId }: Requester,
    ): Promise<EndedSession[]> {
      const parameters = [userId, secretSealed, step, toJson(codeHashes), sessionId, address, requestId];
      return run<EndedSession>(texts.confirmText, parameters);
    },

    /** False when there is no second factor that they could stand in for. */
    async replaceCodes(
      { userId, sessionId }: Change,
      hashes: Buffer[],
      { address, requestId }: Requester,
    ): Promise<boolean> {
      const parameters = [userId, toJson(hashes), sessionId, address, requestId];
      return (await run(texts.replaceCodesText, parameters)).length > 0;
    },

    /** False when it was off. */
    async switchOff({ userId, sessionId }: Change, { address, requestId }: Requester): Promise<boolean> {
      return (await run(texts.switchOffText, [userId, sessionId, address, requestId])).length > 0;
    },

    /** Takes everything away from somebody who has lost it, and ends their sessions. The account's row is to be locked before. */
    async reset(userId: string, author: Author): Promise<{ wasOn: boolean; ended: EndedSession[] }> {
      const [row] = await run<{ wasOn: boolean | null; ended: EndedSession[] }>(texts.resetText, [
        userId,
        author.id,
        author.address,
        author.requestId,
      ]);
      return { wasOn: row?.wasOn ?? false, ended: row?.ended ?? [] };
    },

    /** Some of all sealed secrets, by the order of their owners. */
    listSealed: (after: string | null) => run<{ userId: string; secretSealed: Buffer }>(texts.listSealedText, [after]),

    async reseal(userId: string, was: Buffer, becomes: Buffer): Promise<boolean> {
      return (await run(texts.resealText, [userId, was, becomes])).length > 0;
    },
  };
}

export interface JudgedCode {
  readonly isRight: boolean;
  /** It was the last wrong one that may be tried for long. */
  readonly fills: boolean;
}

interface UsedCode {
  readonly isRight: boolean;
  readonly left: number;
}

function toJson(hashes: Buffer[]): string {
  return JSON.stringify(hashes.map((hash) => hash.toString('hex')));
}
