/** Formats follow the reader's own language settings. */
export function formatMoney(amount: number, currency: string): string {
  try {
    return new Intl.NumberFormat(undefined, { style: 'currency', currency, maximumFractionDigits: 0 }).format(amount);
  } catch {
    return `${amount} ${currency}`;
  }
}

export function formatPercent(percent: number): string {
  return new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 }).format(percent / 100);
}

export function formatDate(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(iso));
}

/** A day without a time of day, such as a due date, means the same day in every time zone. */
export function formatDay(day: string): string {
  return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(day));
}

export function formatMoment(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

/** Of an ISO 3166-1 alpha-2 code. */
export function formatCountry(code: string): string {
  return new Intl.DisplayNames(undefined, { type: 'region' }).of(code) ?? code;
}

/** "3 minutes ago", "yesterday"; a date once it is long ago. In English: these are words in the middle of our sentences. */
export function formatAgo(iso: string): string {
  const minutes = Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 60_000));
  const [hours, days] = [Math.floor(minutes / 60), Math.floor(minutes / (60 * 24))];
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (minutes === 0) return 'just now';
  if (hours === 0) return words.format(-minutes, 'minute');
  if (days === 0) return words.format(-hours, 'hour');
  return days <= 30 ? words.format(-days, 'day') : formatDate(iso);
}

export function formatElapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
