import { ProblemError, rateLimited, rateLimitHeaders } from '@alva/service-kit';
import { mostJobsADay } from './allowances.ts';
import type { Budget, BudgetState } from './budgets.store.ts';

/** Names of the limits, for log and metric. */
export const limitNames = {
  tokens: 'tokens:person',
  guestTokens: 'tokens:guest',
  allGuests: 'tokens:all-guests',
  unfinished: 'unfinished-jobs:owner',
  begun: 'jobs-of-a-day:owner',
} as const;

/** The budget of the day does not allow a job of so many tokens. */
export class BudgetExhausted extends Error {
  override readonly name = 'BudgetExhausted';
  readonly needed: number;
  readonly state: BudgetState;
  /** Whether it is the one of all guests together. */
  readonly isShared: boolean;

  constructor(needed: number, state: BudgetState, { isShared }: Pick<Budget, 'isShared'>) {
    super(`${needed} tokens are more than the budget of the day has left`);
    this.needed = needed;
    this.state = state;
    this.isShared = isShared;
  }
}

/** Somebody's jobs pile up. */
export class TooManyJobs extends Error {
  override readonly name = 'TooManyJobs';
  readonly most: number;

  constructor(most: number) {
    super(`More than ${most} jobs are unfinished`);
    this.most = most;
  }
}

/** Somebody has begun as many as a day allows, whatever became of them. */
export class DayFull extends Error {
  override readonly name = 'DayFull';
  readonly secondsLeft: number;

  constructor(secondsLeft: number) {
    super(`${mostJobsADay} jobs were begun today`);
    this.secondsLeft = secondsLeft;
  }
}

/** Seconds until it is worth asking again: about as long as the shortest job takes. */
const untilOneIsDone = 10;

/** Throws what a person or a guest is told when work of theirs is not taken on. */
export function refuse(error: unknown, { isGuest }: { isGuest: boolean }): never {
  if (error instanceof BudgetExhausted) throw budgetProblem(error, isGuest);
  if (error instanceof TooManyJobs) {
    const detail = `${error.most} pieces of work are unfinished. Wait until one is done, or call one off.`;
    throw rateLimited({ limit: limitNames.unfinished, max: error.most, resetsIn: untilOneIsDone }, detail);
  }
  if (error instanceof DayFull) {
    const detail = `${mostJobsADay.toLocaleString('en')} pieces of work were asked for today. The day ends at midnight UTC.`;
    throw rateLimited({ limit: limitNames.begun, max: mostJobsADay, resetsIn: error.secondsLeft }, detail);
  }
  throw error;
}

function budgetProblem({ needed, state, isShared }: BudgetExhausted, isGuest: boolean): ProblemError {
  const { limit, used, reserved, secondsLeft } = state;
  const remaining = Math.max(0, limit - used - reserved);
  const allowance = { max: limit, remaining, resetsIn: secondsLeft };
  return new ProblemError('budget-exhausted', {
    detail: isGuest ? guestDetail(limit, isShared) : detailOf(needed, limit, remaining, reserved),
    logged: { limit: limitOf(isGuest, isShared) },
    headers: { 'retry-after': String(Math.max(1, Math.ceil(secondsLeft))), ...rateLimitHeaders(allowance) },
    extensions: { limit, used, reserved, remaining, needed },
  });
}

function limitOf(isGuest: boolean, isShared: boolean): string {
  if (isShared) return limitNames.allGuests;
  return isGuest ? limitNames.guestTokens : limitNames.tokens;
}

/** Tokens mean nothing to somebody who only wanted to try it. */
function guestDetail(limit: number, isShared: boolean): string {
  if (limit === 0) return 'Nothing can be asked here without an account. Sign in to go on from here.';
  const spent = isShared
    ? 'Guests together have asked as much as can be asked in a day without an account.'
    : 'This is as much as can be asked in a day without an account.';
  return `${spent} Sign in to go on from here, or come back after midnight UTC.`;
}

function detailOf(needed: number, limit: number, remaining: number, reserved: number): string {
  const words = (tokens: number) => `${tokens.toLocaleString('en')} tokens`;
  if (needed > limit) return `This may need ${words(needed)}; the budget of a whole day is ${words(limit)}.`;
  const held = reserved > 0 ? `, with ${words(reserved)} held for work that is not done yet` : '';
  return `This may need ${words(needed)}, and ${words(remaining)} are left for today${held}. The day ends at midnight UTC.`;
}
