import { createHash } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import type { Count, Counters } from './counters.ts';
import type { LocalCounters } from './local-counters.ts';

/** What is used of an ioredis client. */
export interface RedisConnection {
  readonly status: string;
  eval(script: string, numberOfKeys: number, ...args: (string | number)[]): Promise<unknown>;
}

// A key without expiry would count for ever, so one is given whenever it is missing.
const addScript = `
local hits = redis.call('INCRBY', KEYS[1], ARGV[1])
local remaining = redis.call('PTTL', KEYS[1])
if remaining < 0 then
  remaining = tonumber(ARGV[2])
  redis.call('PEXPIRE', KEYS[1], remaining)
end
return {hits, remaining}`;
const readScript = `return {tonumber(redis.call('GET', KEYS[1]) or '0'), math.max(redis.call('PTTL', KEYS[1]), 0)}`;

/** Slower than this and the request is counted here: a limit must never be what makes an answer late. */
const patienceMs = 100;
/** How long a failed Redis is left alone. */
const pauseMs = 1_000;
/** How far the copies of a service may lag behind each other in what they count loosely. */
const lagMs = 250;

/** Counts in Redis; while it is away or slow, in `local`. */
export function createSharedCounters({
  redis,
  local,
  log,
}: {
  redis: RedisConnection;
  local: LocalCounters;
  log?: FastifyBaseLogger;
}): Counters {
  let pausedUntil = 0;
  let unreported = new Map<string, { hits: number; windowMs: number }>();

  async function ask(script: string, key: string, ...args: number[]): Promise<Count | undefined> {
    if (redis.status !== 'ready' || Date.now() < pausedUntil) return undefined;
    try {
      const answer = await within(patienceMs, redis.eval(script, 1, storedKey(key), ...args));
      const [hits, remainingMs] = answer as [number, number];
      return { hits, remainingMs };
    } catch (err) {
      pausedUntil = Date.now() + pauseMs;
      log?.warn({ err }, 'rate limits are counted in this process while Redis fails');
      return undefined;
    }
  }

  async function report(): Promise<void> {
    const batch = unreported;
    unreported = new Map();
    await Promise.all(
      [...batch].map(async ([key, { hits, windowMs }]) => {
        const total = await ask(addScript, key, hits, windowMs);
        // What was hit while Redis answered is in nobody's total yet.
        if (total) local.correct(key, total.hits + (unreported.get(key)?.hits ?? 0), total.remainingMs);
      }),
    );
  }

  return {
    hit: async (key, windowMs) => (await ask(addScript, key, 1, windowMs)) ?? local.hit(key, windowMs),
    hitLoosely(key, windowMs) {
      if (unreported.size === 0) setTimeout(() => void report(), lagMs).unref();
      const entry = unreported.get(key);
      if (entry) entry.hits += 1;
      else unreported.set(key, { hits: 1, windowMs });
      return local.hitLoosely(key, windowMs);
    },
    read: async (key) => (await ask(readScript, key)) ?? local.read(key),
  };
}

/** Keys hold addresses of people and machines; only a hash of them leaves the process. */
function storedKey(key: string): string {
  return `alva:limit:${createHash('sha256').update(key).digest('base64url').slice(0, 22)}`;
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
