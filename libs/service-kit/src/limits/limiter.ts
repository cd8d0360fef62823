import type { Counters, Limit } from './counters.ts';
import { rateLimited, rateLimitHeaders } from './rate-limited.ts';

export interface Slot {
  /** `RateLimit-*`, for the answer that used the slot. */
  headers: Record<string, string>;
  /** For what, as it turned out, cost nothing. */
  giveBack: () => Promise<void>;
}

export interface Limiter {
  /** Counts one, or refuses with 429 when the window is full. What is refused is not counted. */
  take(key: string): Promise<Slot>;
  /** Refuses with 429 when the window is full, without counting: before work that only counts when it fails. */
  check(key: string): Promise<void>;
}

/** An exact limit on anything with a name: a recipient, an account, an attempt. */
export function createLimiter({ counters, ...limit }: Limit & { counters: Counters }): Limiter {
  const { name, max } = limit;
  return {
    async take(key) {
      const { granted, hits, remainingMs, giveBack } = await counters.take(limit, key);
      const resetsIn = remainingMs / 1000;
      if (!granted) throw rateLimited({ limit: name, max, resetsIn });
      return { headers: rateLimitHeaders({ max, remaining: max - hits, resetsIn }), giveBack };
    },
    async check(key) {
      const { hits, remainingMs } = await counters.read(limit, key);
      if (hits >= max) throw rateLimited({ limit: name, max, resetsIn: remainingMs / 1000 });
    },
  };
}
