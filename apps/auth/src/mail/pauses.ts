const first = 2_000;
const [shortestCap, longestCap] = [30_000, 15 * 60_000];

/**
 * Milliseconds until a failed mail is offered again: two seconds, doubling up to a thirtieth of its lifetime, at least half
 * a minute and at most a quarter of an hour; so a sign-in link is tried some forty times, and what is good for a day is not
 * forgotten after one bad hour. Up to half of it is left to chance, so that what failed together does not come back together.
 */
export function pauseAfter(attempt: number, lifetimeSeconds: number, chance = Math.random()): number {
  const cap = Math.min(longestCap, Math.max(shortestCap, (lifetimeSeconds * 1_000) / 30));
  return Math.round(Math.min(cap, first * 2 ** (attempt - 1)) * (1 - chance / 2));
}
