import type { FastifyReply, FastifyRequest } from 'fastify';
import { pino } from 'pino';
import type { Server, ServerOptions } from './create-server.ts';
import { traceIdOf } from './request-identity.ts';

/**
 * One hook after the answer for both the metric and the log line. Successful reads are the bulk of the traffic and
 * writing a line for each would cost more than answering them, so they are logged at debug.
 */
export function observeRequests(app: Server, { metrics }: Pick<ServerOptions, 'metrics'>): void {
  const threshold = pino.levels.values[app.log.level] ?? Infinity;
  app.addHook('onResponse', (request, reply, done) => {
    metrics?.observeRequest(request.method, request.routeOptions.url, reply.statusCode, reply.elapsedTime);
    const limit = request.identifiers?.limit;
    if (limit !== undefined) metrics?.countRateLimited(limit);
    const level = levelOf(request, reply);
    if ((pino.levels.values[level] ?? 0) >= threshold) {
      request.log[level](
        {
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
          ...(reply.problem === '' ? {} : { problem: reply.problem }),
          traceId: traceIdOf(request.traceparent),
          ...request.identifiers,
          // Otherwise nobody could tell one busy network from many.
          ...(limit === undefined ? {} : { address: request.visitor.countedAs }),
        },
        `${request.method} ${pathOf(request.url)}`,
      );
    }
    done();
  });
}

function levelOf(request: FastifyRequest, reply: FastifyReply): 'debug' | 'info' | 'warn' {
  // Asked every few seconds; a change is logged once, where it is noticed.
  if (isProbe(request)) return 'debug';
  if (reply.statusCode >= 500) return 'warn';
  const read = request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS';
  // A browser that was sent to a page about a problem has succeeded by its status alone.
  return read && reply.statusCode < 400 && reply.problem === '' ? 'debug' : 'info';
}

function isProbe({ routeOptions: { url } }: FastifyRequest): boolean {
  return url === '/readyz' || url === '/healthz';
}

/** Without the query, which may hold what must not be logged. */
function pathOf(url: string): string {
  const end = url.indexOf('?');
  return (end === -1 ? url : url.slice(0, end)).slice(0, 200);
}
