import type { FastifyBaseLogger } from 'fastify';
import { Redis } from 'ioredis';
import type { Disposer } from '../operations/disposer.ts';
import { createCounters, type Counters } from './counters.ts';

/** The counters of a process: shared through Redis where there is one, its own otherwise and while Redis fails. */
export function openCounters({
  redisUrl,
  log,
  disposer,
}: {
  redisUrl: string | undefined;
  log: FastifyBaseLogger;
  disposer: Disposer;
}): Counters {
  if (redisUrl === undefined) return createCounters();
  // What was asked too late must not be counted later on, and a connection that fell silent is given up for a new one.
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 0, enableOfflineQueue: false, socketTimeout: 2_000 });
  reportOutages(redis, log);
  disposer.add('limits', () => redis.disconnect());
  return createCounters({ redis, log });
}

/** One line for an outage and one for its end, however often it is tried in between. */
function reportOutages(redis: Redis, log: FastifyBaseLogger): void {
  let isAway = false;
  redis.on('error', (err: Error) => {
    if (!isAway) log.warn({ err }, 'redis is away, rate limits are counted in this process meanwhile');
    isAway = true;
  });
  redis.on('ready', () => {
    if (isAway) log.info('redis is back, rate limits are shared again');
    isAway = false;
  });
}
