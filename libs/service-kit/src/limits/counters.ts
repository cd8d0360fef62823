import type { FastifyBaseLogger } from 'fastify';
import { createLocalCounters } from './local-counters.ts';
import { createSharedCounters, type RedisConnection } from './shared-counters.ts';

export interface Count {
  /** Hits in the present window. */
  hits: number;
  /** Milliseconds until the window ends. */
  remainingMs: number;
}

/** Fixed windows of hits by key. */
export interface Counters {
  /** Counts one, exactly, also across copies of the service. */
  hit(key: string, windowMs: number): Promise<Count>;
  /** Counts one at once and tells the other copies a moment later: for limits so wide that a few more do not matter. */
  hitLoosely(key: string, windowMs: number): Count;
  read(key: string): Promise<Count>;
}

/** Shared by all copies of the service when there is a Redis; per process when not, or while it fails. Never off. */
export function createCounters({ redis, log }: { redis?: RedisConnection | undefined; log?: FastifyBaseLogger } = {}) {
  const local = createLocalCounters();
  return redis ? createSharedCounters({ redis, local, ...(log ? { log } : {}) }) : local;
}
