import type { FastifyReply, FastifyRequest } from 'fastify';
import { toProblem } from '../problems/to-problem.ts';
import { clientAddress } from '../server/client-address.ts';
import type { Limiter } from './limiter.ts';

/**
 * Options of a route whose successes cost nothing and whose failures do; the limit on all requests is not for it. At most
 * so many refusals (4xx, by its hooks too) are given to one address, exactly: of a burst of parallel failures the rest
 * hears 429 and learns nothing more. Our own trouble (5xx) is nobody's failure.
 */
export function limitFailures(failures: Limiter) {
  return {
    config: { rateLimit: false },
    onRequest: (request: FastifyRequest) => failures.check(clientAddress(request)),
    errorHandler: async (error: unknown, request: FastifyRequest, _reply: FastifyReply) => {
      if (toProblem(error).status < 500) await failures.take(clientAddress(request));
      throw error;
    },
  } as const;
}
