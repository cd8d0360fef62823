import type { FastifyBaseLogger } from 'fastify';
import { Redis } from 'ioredis';
import type { Disposer } from '../operations/disposer.ts';
import { createCounters, type Counters } from './counters.ts';

export interface OpenCountersOptions {
  redisUrl: string | undefined;
  log: FastifyBaseLogger;
  disposer: Disposer;
  /** See `createCounters`. */
  patienceMs?: number;
}

/** The counters of a process: shared through Redis where there is one, its own otherwise and while Redis fails. */
export function openCounters({ redisUrl, log, disposer, patienceMs }: OpenCountersOptions): Counters {
  if (redisUrl === undefined) return createCounters();
  // What was asked too late must not be counted later on, and a connection that fell silent is given up for a new one.
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 0, enableOfflineQueue: false, socketTimeout: 2_000 });
  // An outage is said once, by whoever has to count without it; here every try to connect would say so.
  redis.on('error', (err: Error) => log.debug({ err }, 'redis failed'));
  disposer.add('limits', () => redis.disconnect());
  return createCounters({ redis, log, patienceMs });
}
