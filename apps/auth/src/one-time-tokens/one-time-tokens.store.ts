import { newIdentifier, type RunStatement } from '@alva/database';
import { type OneTimeTokenPurpose } from '@alva/shared-types';
import * as texts from './one-time-tokens.sql.ts';

export interface NewOneTimeToken {
  readonly purpose: OneTimeTokenPurpose;
  /** Null where nobody has the address. */
  readonly userId: string | null;
  /** The account's own address at this moment. */
  readonly userEmail: string;
  /** Where the token is mailed, if not there. */
  readonly email?: string;
  readonly tokenHash: Buffer;
  /** Only for links that mean something in the browser that asked for them. */
  readonly browserHash?: Buffer;
  /** Seconds. */
  readonly lifetime: number;
}

export interface SpentToken {
  readonly id: string;
  readonly userId: string;
  readonly userEmail: string;
  readonly email: string;
  /** Whether it was spent in the browser that asked for it; false where none was remembered. */
  readonly sameBrowser: boolean;
}

/** `withdrawn`: the account is gone, or has another address now. */
export type OneTimeTokenState = 'live' | 'used' | 'expired' | 'withdrawn';

export interface Presented {
  readonly purpose: OneTimeTokenPurpose;
  readonly tokenHash: Buffer;
  /** Of the browser that shows the token; null where it has no cookie. */
  readonly browserHash: Buffer | null;
}

export type OneTimeTokensStore = ReturnType<typeof createOneTimeTokensStore>;

export function createOneTimeTokensStore(run: RunStatement) {
  return {
    /** Resolves with its id, by which its mail is known as well. */
    async insert(token: NewOneTimeToken): Promise<string> {
      const { purpose, userId, userEmail, email = userEmail, tokenHash, browserHash = null, lifetime } = token;
      const id = newIdentifier();
      await run(texts.insertText, [id, purpose, tokenHash, userId, userEmail, email, browserHash, lifetime]);
      return id;
    },

    /**
     * Spends the token, in whatever browser if `anywhere`; undefined when there was nothing to spend, and then `judge` says
     * why. Of any number that try at once, one succeeds.
     */
    async spend({ purpose, tokenHash, browserHash }: Presented, anywhere: boolean): Promise<SpentToken | undefined> {
      const [row] = await run<SpentToken>(texts.spendText, [tokenHash, purpose, browserHash, anywhere]);
      return row;
    },

    /** What is to be thought of a token; undefined for one that nobody knows, also where it is of another purpose. */
    async judge({ purpose, tokenHash, browserHash }: Presented) {
      const parameters = [tokenHash, purpose, browserHash];
      const [row] = await run<Judged>(texts.judgeText, parameters);
      return row;
    },

    /** Makes the tokens of a person pointless, of one purpose or of all: presenting one is answered as if it was used. */
    async withdraw(userId: string, purpose?: OneTimeTokenPurpose): Promise<void> {
      await run(texts.withdrawText, [userId, purpose ?? null]);
    },
  };
}

interface Judged {
  readonly state: OneTimeTokenState;
  readonly sameBrowser: boolean;
  /** Null where nobody had the address. */
  readonly userId: string | null;
}
