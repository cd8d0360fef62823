import type { SectionChannel } from '@alva/shared-types';
import type { ClientProfile } from '@alva/validation';
import { divide } from './shares.ts';

type Money = ClientProfile['monthlyBudget'];

/**
 * What each share of a budget is in money. The amounts add up to the budget to the last cent; whole units of the currency
 * where the budget is whole.
 */
export function amountsOf({ amount, currency }: Money, shares: readonly number[]): number[] {
  const unit = Number.isInteger(amount) ? 1 : 10 ** decimalsOf(currency);
  return divide(Math.round(amount * unit), shares).map((part) => part / unit);
}

export function formatMoney(amount: number, currency: string): string {
  const decimals = Number.isInteger(amount) ? 0 : decimalsOf(currency);
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(amount);
}

/** What a section of a plan may cost a month, by its share. */
export function sectionMoney(
  { monthlyBudget }: ClientProfile,
  sections: readonly { readonly channel: SectionChannel; readonly budgetShare: number }[],
  channel: SectionChannel,
): string {
  const amounts = amountsOf(
    monthlyBudget,
    sections.map(({ budgetShare }) => budgetShare),
  );
  const index = sections.findIndex((section) => section.channel === channel);
  return formatMoney(amounts[index] ?? 0, monthlyBudget.currency);
}

function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
