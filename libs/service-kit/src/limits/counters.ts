import type { FastifyBaseLogger } from 'fastify';
import { createLocalCounters } from './local-counters.ts';
import { createSharedCounters, type RedisConnection } from './shared-counters.ts';

export interface Limit {
  /** What is limited, such as `send-link:address`. Every limit counts for itself. */
  readonly name: string;
  /** Hits that a window has room for. */
  readonly max: number;
  readonly windowSeconds: number;
}

export interface Count {
  /** Hits in the present window; `hit` may count beyond the limit, `take` never does. */
  hits: number;
  /** Milliseconds until the window ends. */
  remainingMs: number;
}

export interface Taken extends Count {
  /** False when the window was full; then nothing was counted. */
  granted: boolean;
  /** Makes room again for what was granted and, as it turned out, cost nothing: once, however often it is called. */
  giveBack: () => Promise<void>;
}

/** Fixed windows of hits by limit and key; a window begins with its first hit. */
export interface Counters {
  /** Counts one unless the window is full: decided in one step, also between copies of the service. */
  take(limit: Limit, key: string): Promise<Taken>;
  /**
   * Counts one at once and tells the other copies a moment later: for limits so wide that a few more do not matter, on
   * requests that should not wait for anybody.
   */
  hit(limit: Limit, key: string): Count;
  read(limit: Limit, key: string): Promise<Count>;
  /** Whether this process counts alone although it should not: for gauges, and as far as it was noticed. */
  isAlone(): boolean;
}

export interface CountersOptions {
  redis?: RedisConnection | undefined;
  log?: FastifyBaseLogger;
  /** How long an answer may take before the request is counted here instead; 100 by default. */
  patienceMs?: number | undefined;
  /** Milliseconds, for what is counted in this process; a clock that is set anew must end no window. */
  now?: () => number;
}

/** Shared by all copies of the service when there is a Redis; per process when not, or while it fails. Never off. */
export function createCounters({ redis, log, patienceMs, ...clock }: CountersOptions = {}): Counters {
  const local = createLocalCounters(clock);
  return redis ? createSharedCounters({ redis, local, log, patienceMs }) : local;
}
