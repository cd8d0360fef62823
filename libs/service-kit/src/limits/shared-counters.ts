import type { FastifyBaseLogger } from 'fastify';
import type { Count, Counters } from './counters.ts';

/** What is used of an ioredis client. */
export interface RedisConnection {
  readonly status: string;
  eval(script: string, numberOfKeys: number, ...args: (string | number)[]): Promise<unknown>;
}

// A key without expiry would count for ever, so one is given whenever it is missing.
const hitScript = `
local hits = redis.call('INCR', KEYS[1])
local remaining = redis.call('PTTL', KEYS[1])
if remaining < 0 then
  remaining = tonumber(ARGV[1])
  redis.call('PEXPIRE', KEYS[1], remaining)
end
return {hits, remaining}`;
const readScript = `return {tonumber(redis.call('GET', KEYS[1]) or 0), math.max(redis.call('PTTL', KEYS[1]), 0)}`;

/** Slower than this and the request is counted here: a limit must never be what makes an answer late. */
const patienceMs = 100;
const pauseMs = 1_000;

/** Counts in Redis; while it is away or slow, in `local`. */
export function createSharedCounters(redis: RedisConnection, local: Counters, log?: FastifyBaseLogger): Counters {
  let pausedUntil = 0;

  async function shared(script: string, key: string, ...args: number[]): Promise<Count | undefined> {
    if (redis.status !== 'ready' || Date.now() < pausedUntil) return undefined;
    try {
      const answer = redis.eval(script, 1, `alva:limit:${key}`, ...args);
      const [hits, remainingMs] = (await within(patienceMs, answer)) as [number, number];
      return { hits, remainingMs };
    } catch (err) {
      pausedUntil = Date.now() + pauseMs;
      log?.warn({ err }, 'rate limits are counted in this process while Redis fails');
      return undefined;
    }
  }

  return {
    hit: async (key, windowMs) => (await shared(hitScript, key, windowMs)) ?? local.hit(key, windowMs),
    read: async (key) => (await shared(readScript, key)) ?? local.read(key),
  };
}

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`Redis did not answer within ${milliseconds} ms`)), milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
