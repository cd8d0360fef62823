import { ProblemError } from '../problems/problem-error.ts';
import type { Count, Counters } from './counters.ts';

export interface LimiterOptions {
  counters: Counters;
  /** Names what is limited, such as `send-link:recipient`; part of the key. */
  name: string;
  max: number;
  windowSeconds: number;
}

export interface Limiter {
  /** Counts one, and refuses with 429 when that is one too many. */
  take(key: string): Promise<void>;
  /** Refuses with 429 when the limit is used up, without counting: for limits that only failures use up. */
  check(key: string): Promise<void>;
  /** Counts one without refusing: the failure itself is the answer. */
  count(key: string): Promise<void>;
}

/** A limit on anything with a name: a recipient, an account, an attempt. */
export function createLimiter({ counters, name, max, windowSeconds }: LimiterOptions): Limiter {
  const windowMs = windowSeconds * 1000;
  return {
    async take(key) {
      const count = await counters.hit(`${name}:${key}`, windowMs);
      if (count.hits > max) throw refusal(max, count);
    },
    async check(key) {
      const count = await counters.read(`${name}:${key}`);
      if (count.hits >= max) throw refusal(max, count);
    },
    async count(key) {
      await counters.hit(`${name}:${key}`, windowMs);
    },
  };
}

function refusal(max: number, { remainingMs }: Count): ProblemError {
  const seconds = String(Math.max(1, Math.ceil(remainingMs / 1000)));
  return new ProblemError('rate-limited', {
    headers: {
      'retry-after': seconds,
      'ratelimit-limit': String(max),
      'ratelimit-remaining': '0',
      'ratelimit-reset': seconds,
    },
  });
}
