import { type ProblemDocument } from '@alva/validation';
import { problems } from '@alva/shared-types';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemError } from './problem-error.ts';

/** How long a client should wait when a part is down: about as long as a failover or a restart takes. */
const retryAfterSeconds = '5';

/** The one place where a refusal becomes an answer. */
export function renderProblem(problem: ProblemError, request: FastifyRequest, reply: FastifyReply, publicUrl: string) {
  const document: ProblemDocument = {
    type: `${publicUrl}/problems/${problem.problem}`,
    title: problems[problem.problem].title,
    status: problem.status,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    code: problem.problem,
    requestId: request.id,
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
    ...problem.extensions,
  };
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  reply.headers(problemHeaders(problem));
  // Sent as text, so that no response schema of the route has a say in it.
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(document));
}

/** What goes with a refusal, whatever the answer looks like. */
export function problemHeaders(problem: ProblemError): Record<string, string> {
  return {
    ...(problem.status === 401 ? { 'www-authenticate': challenge(problem) } : {}),
    ...(problem.status === 503 ? { 'retry-after': retryAfterSeconds } : {}),
    ...problem.headers,
  };
}

/** RFC 6750: the error is named only when a token was presented and refused. */
function challenge({ problem }: ProblemError): string {
  return problem === 'invalid-token' ? 'Bearer realm="alva", error="invalid_token"' : 'Bearer realm="alva"';
}
