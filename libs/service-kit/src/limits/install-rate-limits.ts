import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemError } from '../problems/problem-error.ts';
import type { Server } from '../server/create-server.ts';
import { clientAddress } from '../server/client-address.ts';
import type { Counters } from './counters.ts';
import { rateLimited, rateLimitHeaders } from './rate-limited.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `false` exempts a route from the limit on all requests: health, or a route that has a better limit of its own. */
    rateLimit?: false;
  }
}

export interface RateLimitsOptions {
  counters: Counters;
  /** Requests per address and window, over all routes together. */
  max?: number;
  windowSeconds?: number;
}

/**
 * Limits what one address may ask of the whole service, addresses that lead nowhere included. Stands before all other
 * hooks but CORS: a token that is no good must not be cheaper to try than one that is.
 */
export function installRateLimits(app: Server, { counters, max = 300, windowSeconds = 60 }: RateLimitsOptions): void {
  const limit = { name: 'requests', max, windowSeconds };
  app.addHook('onRequest', (request, reply, done) => {
    done(request.routeOptions.config.rateLimit === false ? undefined : count(request, reply));
  });

  function count(request: FastifyRequest, reply: FastifyReply): ProblemError | undefined {
    const { hits, remainingMs } = counters.hit(limit, clientAddress(request));
    const resetsIn = remainingMs / 1000;
    if (hits > max) return rateLimited({ max, resetsIn });
    reply.headers(rateLimitHeaders({ max, remaining: max - hits, resetsIn }));
    return undefined;
  }
}
