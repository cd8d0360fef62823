import { createHash } from 'node:crypto';
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
  hit(key: string, windowMs: number): Promise<Count>;
  read(key: string): Promise<Count>;
}

/** Shared by all copies of the service when there is a Redis; per process when not, or while it fails. Never off. */
export function createCounters({
  redis,
  log,
}: { redis?: RedisConnection | undefined; log?: FastifyBaseLogger } = {}): Counters {
  const local = createLocalCounters();
  return redis ? createSharedCounters(redis, local, log) : local;
}

/** Keys are addresses of people and machines; what is stored is their hash. */
export function counterKey(name: string, key: string): string {
  return `${name}:${createHash('sha256').update(key).digest('base64url').slice(0, 22)}`;
}
