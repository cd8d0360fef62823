import { ProblemError } from '../problems/problem-error.ts';
import type { Identifiers } from '../server/create-server.ts';

export interface Allowance {
  max: number;
  /** Of `max`; none when absent. */
  remaining?: number;
  /** Seconds until the window ends. */
  resetsIn: number;
}

export interface Refusal extends Omit<Allowance, 'remaining'> {
  /** The name of the limit, for log and metric; the refused are not told. */
  limit: string;
}

/**
 * What is left, in the three headers of draft-ietf-httpapi-ratelimit-headers-05. Seconds are rounded up and at least
 * one, so that nobody comes back too early.
 */
export function rateLimitHeaders({ max, remaining = 0, resetsIn }: Allowance) {
  return {
    'ratelimit-limit': String(max),
    'ratelimit-remaining': String(Math.max(0, remaining)),
    'ratelimit-reset': wholeSeconds(resetsIn),
  };
}

/** 429 `rate-limited` with `Retry-After` (RFC 9110, 10.2.3) and `RateLimit-*`: what every limit refuses with, wherever it is kept. */
export function rateLimited(
  { limit, max, resetsIn }: Refusal,
  detail?: string,
  logged: Identifiers = {},
): ProblemError {
  return new ProblemError('rate-limited', {
    logged: { ...logged, limit },
    headers: { 'retry-after': wholeSeconds(resetsIn), ...rateLimitHeaders({ max, resetsIn }) },
    ...(detail === undefined ? {} : { detail }),
  });
}

function wholeSeconds(seconds: number): string {
  return String(Math.max(1, Math.ceil(seconds)));
}
