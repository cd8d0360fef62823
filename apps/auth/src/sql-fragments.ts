/** Milliseconds since 1970. Drizzle shares the driver and has it hand out moments as text, so no moment is read as such. */
export function millisecondsOf(moment: string): string {
  return `(extract(epoch from ${moment}) * 1000)::float8`;
}

/** At least one: rounded up, so that nobody comes back too early. */
export function secondsUntil(moment: string): string {
  return `greatest(1, ceil(extract(epoch from ${moment} - now())))::int`;
}

/**
 * For every `update auth.users` that sets an address or a password: sign-in links that were asked for before are dead then.
 * By the clock, because a link may have been asked for while the transaction was under way or waited for the row.
 */
export const credentialsChanged = 'credentials_changed_at = clock_timestamp(), updated_at = now()';
