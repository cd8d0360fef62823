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
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 });
  redis.on('error', (err: Error) => log.warn({ err }, 'redis failed, limits are counted here meanwhile'));
  disposer.add('limits', () => redis.disconnect());
  return createCounters({ redis, log });
}
