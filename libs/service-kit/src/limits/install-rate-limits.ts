import fastifyRateLimit, { type FastifyRateLimitStore, type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { Gauge } from 'prom-client';
import type { Metrics } from '../operations/metrics.ts';
import type { Server } from '../server/create-server.ts';
import type { Counters, Limit } from './counters.ts';
import { rateLimited, rateLimitHeaders } from './rate-limited.ts';

const requests = 'requests';
const published = 'published';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What other services cannot do without: is counted apart from what else is asked from their address. */
    published?: boolean;
  }
}

export interface RateLimitsOptions {
  counters: Counters;
  /** Requests per address and window, over all routes together. */
  max?: number;
  windowSeconds?: number;
  metrics?: Metrics;
}

/**
 * Limits what one address may ask of the whole service, addresses that lead nowhere included; `config: { rateLimit: false }`
 * exempts a route that has a better limit of its own, `config: { published: true }` draws on a second window as wide. Stands
 * before all other hooks but CORS, where the plugin's own hooks do not: a token that is no good must not be cheaper to try
 * than one that is.
 */
export async function installRateLimits(
  app: Server,
  { counters, max = 300, windowSeconds = 60, metrics }: RateLimitsOptions,
): Promise<void> {
  if (metrics) observeCounters(metrics, counters);
  metrics?.expectLimits([requests, published]);
  const limitOf = ({ routeOptions }: FastifyRequest) => (routeOptions.config.published ? published : requests);
  await app.register(fastifyRateLimit, {
    global: false,
    max,
    timeWindow: windowSeconds * 1000,
    keyGenerator: (request) => `${limitOf(request)} ${request.visitor.countedAs}`,
    store: storeFor(counters, { name: requests, max, windowSeconds }),
  });
  const draw = app.createRateLimit();
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.rateLimit === false) return;
    const drawn = await draw(request);
    // Allowed without counting is who stands on a list, and there is none.
    if (drawn.isAllowed) return;
    const resetsIn = drawn.ttl / 1000;
    if (drawn.isExceeded) throw rateLimited({ limit: limitOf(request), max, resetsIn });
    reply.headers(rateLimitHeaders({ max, remaining: drawn.remaining, resetsIn }));
  });
}

function observeCounters({ registry }: Metrics, counters: Counters): void {
  new Gauge({
    name: 'rate_limits_unshared',
    help: '1 while this copy counts for itself because Redis fails, 0 while it need not; as it was when last asked.',
    registers: [registry],
    collect() {
      this.set(counters.isAlone() ? 1 : 0);
    },
  });
}

/** Fits our counters to the plugin, which wants a class. No answer waits for Redis: the limit is wide, and is counted at once. */
function storeFor(counters: Counters, limit: Limit): FastifyRateLimitStoreCtor {
  return class RequestCounter implements FastifyRateLimitStore {
    incr(key: string, answer: (error: null, count: { current: number; ttl: number }) => void): void {
      const { hits, remainingMs } = counters.hit(limit, key);
      answer(null, { current: hits, ttl: remainingMs });
    }

    child(): FastifyRateLimitStore {
      return this;
    }
  };
}
