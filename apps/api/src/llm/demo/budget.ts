import type { SectionChannel } from '@alva/shared-types';
import type { ClientProfile } from '@alva/validation';
import { divide } from '../shares.ts';
import { themes, wants, type Budget } from './briefing.ts';

const baseWeights: Record<SectionChannel, number> = {
  positioning: 8,
  ppc: 35,
  social: 22,
  email: 12,
  seo: 18,
  blog: 14,
};

/** Splits the money by channel, goals, experience and how much there is of it. Shares and amounts both add up. */
export function planBudget(profile: ClientProfile): Budget {
  const { amount, currency } = profile.monthlyBudget;
  const channels: SectionChannel[] = ['positioning', ...profile.channels];
  const weights = channels.map((channel) => weigh(channel, profile));
  const shares = divide(100, weights);
  const total = Math.round(amount);
  const amounts = divide(total, shares);
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, maximumFractionDigits: 0 });
  const of = (values: number[]) => (channel: SectionChannel) => values[channels.indexOf(channel)] ?? 0;
  return { total, share: of(shares), amount: of(amounts), money: (value) => format.format(value) };
}

function weigh(channel: SectionChannel, profile: ClientProfile): number {
  const weight = baseWeights[channel];
  const { amount } = profile.monthlyBudget;
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
