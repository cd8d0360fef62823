import { createHash } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import type { Count, Counters, Limit } from './counters.ts';
import type { LocalCounters } from './local-counters.ts';

/** What is used of an ioredis client. */
export interface RedisConnection {
  readonly status: string;
  eval(script: string, numberOfKeys: number, ...args: (string | number)[]): Promise<unknown>;
}

// KEYS: the window. ARGV: the window's length in milliseconds, then as said. All answer {hits, milliseconds left, granted}.
// A key without expiry would count for ever, so one is given whenever it is missing.
const lengthOfWindow = `
local remaining = redis.call('PTTL', KEYS[1])
if remaining < 0 then
  remaining = tonumber(ARGV[1])
  redis.call('PEXPIRE', KEYS[1], remaining)
end`;
/** ARGV: most hits */
const takeScript = `
local hits = tonumber(redis.call('GET', KEYS[1]) or '0')
local granted = 0
if hits < tonumber(ARGV[2]) then
  granted = 1
  hits = redis.call('INCR', KEYS[1])
end
${lengthOfWindow}
return {hits, remaining, granted}`;
/** ARGV: hits to add */
const addScript = `
local hits = redis.call('INCRBY', KEYS[1], ARGV[2])
${lengthOfWindow}
return {hits, remaining, 1}`;
const giveBackScript = `
local hits = tonumber(redis.call('GET', KEYS[1]) or '0')
if hits > 0 then hits = redis.call('DECR', KEYS[1]) end
return {hits, math.max(redis.call('PTTL', KEYS[1]), 0), 1}`;
const readScript = `
return {tonumber(redis.call('GET', KEYS[1]) or '0'), math.max(redis.call('PTTL', KEYS[1]), 0), 1}`;

/** Slower than this and the request is counted here: a limit must never be what makes an answer late. */
const standardPatienceMs = 100;
/** How long a failed Redis is left alone before one request tries it again. */
const pauseMs = 1_000;
/** How far the copies of a service may lag behind each other in what they count loosely. */
const lagMs = 250;

/** Of an ioredis client, once it had or tried a connection. */
const lostStates = new Set(['close', 'reconnecting', 'end']);

interface Answer extends Count {
  granted: boolean;
}

export interface SharedCountersOptions {
  redis: RedisConnection;
  local: LocalCounters;
  log?: FastifyBaseLogger | undefined;
  patienceMs?: number | undefined;
}

/** Counts in Redis; while it is away or slow, in `local`, from what was last heard of it. */
export function createSharedCounters(options: SharedCountersOptions): Counters {
  const { redis, local, log, patienceMs = standardPatienceMs } = options;
  let failing = false;
  let retryAt = 0;
  let unreported = new Map<string, { limit: Limit; key: string; hits: number }>();

  /** Undefined when Redis did not answer, so that it has to be counted here. */
  async function ask(script: string, limit: Limit, key: string, argument = 0): Promise<Answer | undefined> {
    if (redis.status !== 'ready') {
      if (lostStates.has(redis.status)) noticeFailure(new Error(`The connection to Redis is in state ${redis.status}`));
      return undefined;
    }
    if (failing) {
      if (performance.now() < retryAt) return undefined;
      // This one tries it; the others go on without waiting.
      retryAt = performance.now() + pauseMs;
    }
    try {
      const windowMs = limit.windowSeconds * 1000;
      const answer = await within(patienceMs, redis.eval(script, 1, storedKey(limit, key), windowMs, argument));
      const [hits, remainingMs, granted] = answer as [number, number, number];
      if (failing) log?.info('rate limits are shared through Redis again');
      failing = false;
      return { hits, remainingMs, granted: granted === 1 };
    } catch (err) {
      noticeFailure(err);
      return undefined;
    }
  }

  /** One line for an outage, however many requests notice. */
  function noticeFailure(err: unknown): void {
    if (!failing) log?.warn({ err }, 'rate limits are counted in this process while Redis fails');
    failing = true;
    retryAt = performance.now() + pauseMs;
  }

  async function report(): Promise<void> {
    const batch = unreported;
    unreported = new Map();
    await Promise.all(
      [...batch].map(async ([id, { limit, key, hits }]) => {
        const total = await ask(addScript, limit, key, hits);
        // What was hit while Redis answered is in nobody's total yet.
        if (total) local.correct(limit, key, { ...total, hits: total.hits + (unreported.get(id)?.hits ?? 0) });
      }),
    );
  }

  return {
    async take(limit, key) {
      const askedAt = performance.now();
      const answer = await ask(takeScript, limit, key, limit.max);
      if (!answer) return local.take(limit, key);
      local.correct(limit, key, answer);
      const windowEndsAt = askedAt + answer.remainingMs;
      let isOwed = answer.granted;
      return {
        ...answer,
        async giveBack() {
          // The next window owes nothing to this one.
          if (!isOwed || performance.now() >= windowEndsAt) return;
          isOwed = false;
          await ask(giveBackScript, limit, key);
        },
      };
    },
    hit(limit, key) {
      if (unreported.size === 0) setTimeout(() => void report(), lagMs).unref();
      const id = `${limit.name}:${key}`;
      const entry = unreported.get(id);
      if (entry) entry.hits += 1;
      else unreported.set(id, { limit, key, hits: 1 });
      return local.hit(limit, key);
    },
    read: async (limit, key) => (await ask(readScript, limit, key)) ?? local.read(limit, key),
    isAlone: () => failing || lostStates.has(redis.status),
  };
}

/** Keys hold addresses of people and machines; only a hash of them leaves the process. */
function storedKey({ name }: Limit, key: string): string {
  return `alva:limit:${createHash('sha256').update(`${name}:${key}`).digest('base64url').slice(0, 22)}`;
}

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(new Error(`Redis did not answer within ${milliseconds} ms`));
  // When it was this process that was busy, the answer has long arrived and is read before `setImmediate` runs.
  const timer = setTimeout(() => setImmediate(giveUp), milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
