import fastifyRateLimit, { type FastifyRateLimitStore, type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../problems/problem-error.ts';
import { clientAddress } from '../server/client-address.ts';
import type { Server } from '../server/create-server.ts';
import type { Counters } from './counters.ts';

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

type Answer = (error: Error | null, count?: { current: number; ttl: number }) => void;

/**
 * Fits our counters to the plugin, which wants a class and makes one child of it per limited route. The wide limit that
 * all routes share is counted loosely, so that no read waits for Redis; the limits of single routes are exact.
 */
function storeFor(counters: Counters): FastifyRateLimitStoreCtor {
  return class SharedLimit implements FastifyRateLimitStore {
    incr(key: string, answer: Answer, windowMs: number) {
      const { hits, remainingMs } = counters.hitLoosely(`all:${key}`, windowMs);
      answer(null, { current: hits, ttl: remainingMs });
    }

    child(options: object): FastifyRateLimitStore {
      // The plugin's types are behind: it hands over the limit's parameters with the route inside.
      const { routeInfo } = options as { routeInfo: { method?: string | string[]; url?: string } };
      const route = `${String(routeInfo.method)} ${routeInfo.url ?? ''}`;
      return {
        incr(key: string, answer: Answer, windowMs: number) {
          counters.hit(`${route}:${key}`, windowMs).then(
            ({ hits, remainingMs }) => answer(null, { current: hits, ttl: remainingMs }),
            (error: unknown) => answer(error as Error),
          );
        },
        child: () => this,
      };
    }
  };
}
