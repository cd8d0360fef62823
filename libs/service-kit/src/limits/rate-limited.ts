import { ProblemError } from '../problems/problem-error.ts';

export interface Allowance {
  max: number;
  /** Of `max`; none when absent. */
  remaining?: number;
  /** Seconds until the window ends. */
  resetsIn: number;
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
export function rateLimited({ max, resetsIn }: Omit<Allowance, 'remaining'>, detail?: string): ProblemError {
  return new ProblemError('rate-limited', {
    headers: { 'retry-after': wholeSeconds(resetsIn), ...rateLimitHeaders({ max, resetsIn }) },
    ...(detail === undefined ? {} : { detail }),
  });
}

function wholeSeconds(seconds: number): string {
  return String(Math.max(1, Math.ceil(seconds)));
}
