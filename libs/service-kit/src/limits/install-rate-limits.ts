import fastifyRateLimit, { type FastifyRateLimitStore, type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../problems/problem-error.ts';
import { clientAddress } from '../server/client-address.ts';
import type { Server } from '../server/create-server.ts';
import { type Counters, counterKey } from './counters.ts';

export interface RateLimitsOptions {
  counters: Counters;
  /** Requests per address and window, all routes without a limit of their own together. */
  max?: number;
  windowSeconds?: number;
}

/** Limits every route registered after it by address; `config: rateLimit({...})` gives a route its own limit. */
export async function installRateLimits(
  app: Server,
  { counters, max = 300, windowSeconds = 60 }: RateLimitsOptions,
): Promise<void> {
  await app.register(fastifyRateLimit, {
    max,
    timeWindow: windowSeconds * 1000,
    enableDraftSpec: true,
    store: storeFor(counters),
    keyGenerator: clientAddress,
    errorResponseBuilder: () => new ProblemError('rate-limited'),
  });
  // Guessing addresses is no way around the limit either.
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, () => {
    throw new ProblemError('not-found');
  });
}

/** The limit of one route, counted apart from all others. */
export function rateLimit({
  max,
  windowSeconds,
  key = clientAddress,
}: {
  max: number;
  windowSeconds: number;
  key?: (request: FastifyRequest) => string;
}) {
  return { rateLimit: { max, timeWindow: windowSeconds * 1000, keyGenerator: key } };
}

/** Fits our counters to the plugin, which wants a class and makes one child of it per limited route. */
function storeFor(counters: Counters): FastifyRateLimitStoreCtor {
  return class ScopedStore implements FastifyRateLimitStore {
    private readonly scope: string;

    constructor(options: object) {
      this.scope = 'scope' in options ? String(options.scope) : 'all';
    }

    incr(
      key: string,
      answer: (error: Error | null, count?: { current: number; ttl: number }) => void,
      windowMs: number,
    ) {
      counters.hit(counterKey(this.scope, key), windowMs).then(
        ({ hits, remainingMs }) => answer(null, { current: hits, ttl: remainingMs }),
        (error: unknown) => answer(error as Error),
      );
    }

    child(options: object): FastifyRateLimitStore {
      // The plugin's types are behind: it hands over the limit's parameters with the route inside.
      const { routeInfo } = options as { routeInfo: { method?: string | string[]; url?: string } };
      return new ScopedStore({ scope: `route:${String(routeInfo.method)}:${routeInfo.url ?? ''}` });
    }
  };
}
