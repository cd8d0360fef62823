import type { FastifyRequest } from 'fastify';
import { toProblem } from '../problems/to-problem.ts';
import type { Limiter } from './limiter.ts';

/**
 * Options of a route whose successes cost nothing and whose failures do; the limit on all requests is not for it. At most
 * so many refusals (4xx, by its hooks too) are given to one address, exactly: of a burst of parallel failures the rest
 * hears 429 and learns nothing more.
 */
export function limitFailures(failures: Limiter) {
  return {
    config: { rateLimit: false },
    onRequest: ({ visitor }: FastifyRequest) => failures.check(visitor.countedAs),
    errorHandler: countFailures(failures),
  } as const;
}

/**
 * The half of `limitFailures` that counts, as error handler of a route or scope: hands on every error, or refuses with 429
 * in its place. Our own trouble (5xx) is nobody's failure, and what a page elsewhere had a browser send is not that of the
 * people behind its address, who may be many; `isFailure` may spare others.
 */
export function countFailures(failures: Limiter, isFailure: (request: FastifyRequest) => boolean = () => true) {
  return async (error: unknown, request: FastifyRequest): Promise<never> => {
    const { status, problem } = toProblem(error);
    if (status < 500 && problem !== 'origin-not-allowed' && isFailure(request))
      await failures.take(request.visitor.countedAs);
    throw error;
  };
}
