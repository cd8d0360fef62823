import type { SectionChannel } from '@alva/shared-types';
import type { ClientProfile } from '@alva/validation';
import { amountsOf, formatMoney } from '../budget.ts';
import { divide } from '../shares.ts';
import { themes, wants } from './themes.ts';

export interface ChannelShare {
  readonly channel: SectionChannel;
  /** Percent. */
  readonly budgetShare: number;
}

export interface Budget {
  /** A month. */
  readonly total: number;
  share(channel: SectionChannel): number;
  amount(channel: SectionChannel): number;
  /** "€600", in the currency of the profile. */
  money(amount: number): string;
}

const baseWeights: Record<SectionChannel, number> = {
  positioning: 8,
  ppc: 35,
  social: 22,
  email: 12,
  seo: 18,
  blog: 14,
};

/** The same of hours, where there is no money: adverts are nothing without it. */
const hourWeights: Record<SectionChannel, number> = {
  positioning: 14,
  ppc: 3,
  social: 26,
  email: 18,
  seo: 22,
  blog: 22,
};

/** Splits the money, or the hours where there is none, by channel, goals, experience and how much there is of it. The shares add up to 100. */
export function planShares(profile: ClientProfile): ChannelShare[] {
  const channels: SectionChannel[] = ['positioning', ...profile.channels];
  const shares = divide(
    100,
    channels.map((channel) => weigh(channel, profile)),
  );
  return channels.map((channel, index) => ({ channel, budgetShare: shares[index] ?? 0 }));
}

/** The money behind the shares of a plan. */
export function createBudget({ monthlyBudget }: ClientProfile, shares: readonly ChannelShare[]): Budget {
  const amounts = amountsOf(
    monthlyBudget,
    shares.map(({ budgetShare }) => budgetShare),
  );
  const indexOf = (wanted: SectionChannel) => shares.findIndex(({ channel }) => channel === wanted);
  return {
    total: monthlyBudget.amount,
    share: (channel) => shares[indexOf(channel)]?.budgetShare ?? 0,
    amount: (channel) => amounts[indexOf(channel)] ?? 0,
    money: (amount) => formatMoney(amount, monthlyBudget.currency),
  };
}

function weigh(channel: SectionChannel, profile: ClientProfile): number {
  const { amount } = profile.monthlyBudget;
  const weight = (amount > 0 ? baseWeights : hourWeights)[channel];
  switch (channel) {
    case 'ppc':
      // Clicks cost what they cost: with little money or no practice it runs dry before it teaches anything.
      return (
        weight *
        (wants(profile, themes.customers) ? 1.3 : 1) *
        (amount < 300 ? 0.6 : 1) *
        (profile.experience === 'none' ? 0.75 : 1)
      );
    case 'social':
      return weight * (wants(profile, themes.awareness) ? 1.4 : 1);
    case 'email':
      return weight * (wants(profile, themes.loyalty) ? 1.7 : 1);
    case 'seo':
      return weight * (wants(profile, themes.found) ? 1.5 : 1);
    case 'blog':
      return weight * (wants(profile, themes.trust) ? 1.5 : 1);
    default:
      return weight;
  }
}
