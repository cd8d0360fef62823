import { newIdentifier, type RunStatement } from '@alva/database';
import { type Requester } from '../http/requester.ts';
import * as texts from './magic-links.sql.ts';

export interface NewAttempt {
  readonly email: string;
  readonly tokenHash: Buffer;
  readonly codeHash: Buffer;
  readonly browserHash: Buffer;
  /** Two digits. */
  readonly number: string;
  readonly redirectTo: string | null;
  /** Seconds. */
  readonly lifetime: number;
}

export interface InsertedAttempt {
  readonly id: string;
  /** Seconds until the recipient may be mailed again, when this mail was the last one for now. */
  readonly fullFor: number | null;
}

export interface Limit {
  readonly max: number;
  readonly windowSeconds: number;
}

export interface Redeemed {
  /** The attempt. */
  readonly id: string;
  readonly email: string;
  readonly redirectTo: string | null;
}

export interface CodeTry {
  readonly attemptId: string;
  readonly browserHash: Buffer;
  readonly codeHash: Buffer;
}

export interface CodeLimits {
  readonly perAttempt: number;
  readonly perRecipient: Limit;
}

/** `withdrawn`: the account's address or password changed since. */
export type AttemptState = 'live' | 'used' | 'expired' | 'superseded' | 'withdrawn';

/** A link that was not spent, and who asked for it. */
export interface RefusedLink {
  readonly state: AttemptState;
  readonly sameBrowser: boolean;
  readonly id: string;
  readonly email: string;
  readonly address: string | null;
  readonly userAgent: string | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export interface CodeState {
  readonly state: AttemptState;
  readonly tries: number;
  readonly expiresIn: number;
  readonly limitResetsIn: number | null;
}

export type MagicLinksStore = ReturnType<typeof createMagicLinksStore>;

export function createMagicLinksStore(run: RunStatement) {
  return {
    /** Undefined when the recipient's limit is used up, and then nothing is stored. */
    async insert(attempt: NewAttempt, limit: Limit, requester: Requester): Promise<InsertedAttempt | undefined> {
      const { email, tokenHash, codeHash, browserHash, number, redirectTo, lifetime } = attempt;
      const { max, windowSeconds } = limit;
      const { address, userAgent, requestId } = requester;
      const [row] = await run<InsertedAttempt>(texts.insertText, [
        ...[newIdentifier(), email, tokenHash, codeHash, browserHash, redirectTo, lifetime],
        ...[max, windowSeconds, address, userAgent, requestId, number],
      ]);
      return row;
    },

    /** Seconds until the recipient may be mailed again. */
    async findLinkLimit(email: string): Promise<number> {
      const [row] = await run<{ resetsIn: number }>(texts.linkLimitText, [email]);
      return row?.resetsIn ?? 1;
    },

    /** Takes back an attempt whose mail could not be sent: it neither counts nor supersedes another. */
    async withdraw(attemptId: string, { windowSeconds }: Limit, { address, requestId }: Requester): Promise<void> {
      await run(texts.withdrawText, [attemptId, windowSeconds, address, requestId]);
    },

    /** Spends the link, in the browser that asked for it or `anywhere`; undefined when there was nothing to spend. */
    async redeemLink(tokenHash: Buffer, browserHash: Buffer | null, anywhere: boolean): Promise<Redeemed | undefined> {
      const [row] = await run<Redeemed>(texts.redeemLinkText, [tokenHash, browserHash, anywhere]);
      return row;
    },

    /** Why a link could not be spent; undefined when nobody knows it. */
    async refuseLink(tokenHash: Buffer, browserHash: Buffer | null, { address, requestId }: Requester) {
      const parameters = [tokenHash, browserHash, address, requestId];
      const [row] = await run<RefusedLink>(texts.refuseLinkText, parameters);
      return row;
    },

    /** Spends the attempt when the code is right, counts a try when it is not; undefined when no try is left or nothing to spend. */
    async redeemCode({ attemptId, browserHash, codeHash }: CodeTry, limits: CodeLimits, requester: Requester) {
      const { max, windowSeconds } = limits.perRecipient;
      const { address, requestId } = requester;
      const parameters = [attemptId, browserHash, codeHash, limits.perAttempt, max, windowSeconds, address, requestId];
      const [row] = await run<Redeemed & { isRight: boolean }>(texts.redeemCodeText, parameters);
      return row;
    },

    /** Why a code could not be tried; undefined when this browser has no such attempt. */
    async refuseCode(
      { attemptId, browserHash }: CodeTry,
      { address, requestId }: Requester,
    ): Promise<CodeState | undefined> {
      const [row] = await run<CodeState>(texts.refuseCodeText, [attemptId, browserHash, address, requestId]);
      return row;
    },
  };
}
