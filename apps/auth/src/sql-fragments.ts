/** Milliseconds since 1970. Drizzle shares the driver and has it hand out moments as text, so no moment is read as such. */
export function millisecondsOf(moment: string): string {
  return `(extract(epoch from ${moment}) * 1000)::float8`;
}

/** At least one: rounded up, so that nobody comes back too early. */
export function secondsUntil(moment: string): string {
  return `greatest(1, ceil(extract(epoch from ${moment} - now())))::int`;
}
