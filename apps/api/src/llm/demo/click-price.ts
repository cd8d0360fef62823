import type { ClientProfile } from '@alva/validation';

/** Cautious rules of thumb for small services, where there is one; what a click costs elsewhere nobody can say beforehand. */
const consumers: Readonly<Record<string, number>> = {
  EUR: 1.4,
  USD: 1.6,
  GBP: 1.2,
  CHF: 1.8,
  CAD: 2,
  AUD: 2.2,
  NZD: 2.2,
  SEK: 14,
  NOK: 15,
  DKK: 10,
};
/** Businesses are worth more to those who sell to them, and so their clicks cost more. */
const dearer = 3;
const enquiryRate = 0.05;

export interface ClickForecast {
  readonly price: number;
  readonly clicks: number;
  readonly enquiries: number;
}

/** What the money may buy a month; undefined where that would be a guess, or too little to be counted. */
export function forecastClicks(
  { monthlyBudget: { currency } }: ClientProfile,
  amount: number,
  toBusinesses: boolean,
): ClickForecast | undefined {
  const price = (consumers[currency] ?? 0) * (toBusinesses ? dearer : 1);
  if (price === 0) return undefined;
  const clicks = Math.round(amount / price);
  const enquiries = Math.round(clicks * enquiryRate);
  return enquiries < 1 ? undefined : { price, clicks, enquiries };
}
