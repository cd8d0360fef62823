/**
 * How many milliseconds a provider asks to be left alone, from the header in either of its forms or from the finer one that
 * some send. A date is read by the provider's own clock where it tells the time.
 */
export function retryAfter(headers: Readonly<Record<string, string>>, now = Date.now()): number | undefined {
  const fine = amount(headers['retry-after-ms']);
  if (fine !== undefined) return fine;
  const given = headers['retry-after'];
  const seconds = amount(given);
  if (seconds !== undefined) return seconds * 1000;
  const until = Date.parse(given ?? '');
  if (Number.isNaN(until)) return undefined;
  const theirs = Date.parse(headers['date'] ?? '');
  return Math.max(0, until - (Number.isNaN(theirs) ? now : theirs));
}

function amount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
