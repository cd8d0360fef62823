import { type RunStatement } from '@alva/database';
import { type SignInAttempt } from '@alva/validation';
import { type Requester } from '../http/requester.ts';
import * as texts from './attempts.sql.ts';
import { type AttemptState, type Limit, type Redeemed } from './magic-links.store.ts';

/** Of which browser, and which attempt it means. */
export interface WaitingBrowser {
  readonly attemptId: string;
  readonly browserHash: Buffer;
}

export interface Approval {
  readonly attemptId: string;
  readonly tokenHash: Buffer;
  readonly number: string;
}

export interface NumberLimits {
  readonly perAttempt: number;
  readonly perRecipient: Limit;
}

export interface RefusedApproval {
  readonly state: AttemptState;
  readonly tries: number;
  /** It was approved with this very number before. */
  readonly repeated: boolean;
  readonly expiresIn: number;
  readonly limitResetsIn: number | null;
}

export type AttemptsStore = ReturnType<typeof createAttemptsStore>;

/** Sign-ins that wait in one browser for their link to be opened in another. */
export function createAttemptsStore(run: RunStatement) {
  return {
    /** Undefined when this browser has no such attempt. */
    async find({ attemptId, browserHash }: WaitingBrowser): Promise<SignInAttempt | undefined> {
      const [row] = await run<SignInAttempt>(texts.waitText, [attemptId, browserHash]);
      return row;
    },

    /** Approves the attempt when the number is right, counts a try when it is not; undefined when there was nothing to approve. */
    async approve({ attemptId, tokenHash, number }: Approval, limits: NumberLimits, requester: Requester) {
      const { max, windowSeconds } = limits.perRecipient;
      const { address, requestId } = requester;
      const parameters = [attemptId, tokenHash, number, limits.perAttempt, max, windowSeconds, address, requestId];
      const [row] = await run<{ isRight: boolean }>(texts.approveText, parameters);
      return row;
    },

    /** Why a number could not be tried; undefined when the link is not that of the attempt. */
    async refuseApproval({ attemptId, tokenHash, number }: Approval, { address, requestId }: Requester) {
      const parameters = [attemptId, tokenHash, number, address, requestId];
      const [row] = await run<RefusedApproval>(texts.refuseApprovalText, parameters);
      return row;
    },

    /** Spends an approved attempt; undefined when there was none to spend. */
    async complete({ attemptId, browserHash }: WaitingBrowser): Promise<Redeemed | undefined> {
      const [row] = await run<Redeemed>(texts.completeText, [attemptId, browserHash]);
      return row;
    },

    /** Why an attempt could not be completed, `live` while nobody has approved it; undefined when this browser has no such attempt. */
    async refuseCompletion({ attemptId, browserHash }: WaitingBrowser, { address, requestId }: Requester) {
      const parameters = [attemptId, browserHash, address, requestId];
      const [row] = await run<{ state: AttemptState }>(texts.refuseCompletionText, parameters);
      return row?.state;
    },
  };
}
