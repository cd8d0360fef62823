import { isGuest, type Owner } from '../guests/owner.ts';

/** Jobs that one owner may begin in a day (UTC). Each leaves rows behind, also one that was called off and cost nothing. */
export const mostJobsADay = 1_000;

/** What owners may ask for when nobody has decided otherwise for them. */
export interface Allowances {
  /** Tokens a day (UTC) for a person, and for a guest. */
  readonly dailyTokens: number;
  readonly guestDailyTokens: number;
  /** For all guests together: they cost nothing to make, so each one's own budget bounds nothing. */
  readonly allGuestsDailyTokens: number;
  /** Jobs of one owner that may wait or run at once. */
  readonly mostUnfinished: number;
}

export interface AllowanceConfig {
  readonly DAILY_TOKEN_BUDGET: number;
  readonly GUEST_DAILY_TOKEN_BUDGET: number;
  readonly GUESTS_DAILY_TOKEN_BUDGET: number;
  readonly MAX_UNFINISHED_JOBS: number;
}

/** Tokens a day, unless somebody has a limit of their own. */
export function dailyTokensOf({ dailyTokens, guestDailyTokens }: Allowances, owner: Owner): number {
  return isGuest(owner) ? guestDailyTokens : dailyTokens;
}

export function allowancesOf(config: AllowanceConfig): Allowances {
  return {
    dailyTokens: config.DAILY_TOKEN_BUDGET,
    guestDailyTokens: config.GUEST_DAILY_TOKEN_BUDGET,
    allGuestsDailyTokens: config.GUESTS_DAILY_TOKEN_BUDGET,
    mostUnfinished: config.MAX_UNFINISHED_JOBS,
  };
}
