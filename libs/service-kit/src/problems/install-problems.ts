import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Server } from '../server/create-server.ts';
import { ProblemError } from './problem-error.ts';
import { installProblemPages } from './problem-pages.ts';
import { renderProblem } from './render-problem.ts';
import { toProblem } from './to-problem.ts';

declare module 'fastify' {
  interface FastifyReply {
    /** The code this answer refuses with; empty on success. */
    problem: string;
  }
}

/** Makes every error of the instance a problem document, and explains the codes under /problems. */
export function installProblems(app: Server, publicUrl: string): void {
  app.decorateReply('problem', '');
  app.setErrorHandler((error, request, reply) => {
    // Whatever is wrong with its body, a request to nowhere is 404.
    const nowhere = request.is404 && !(error instanceof ProblemError);
    refuse(nowhere ? new ProblemError('not-found') : error, request, reply, publicUrl);
  });
  app.setNotFoundHandler(() => {
    throw new ProblemError('not-found');
  });
  installProblemPages(app);
}

export function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply, publicUrl: string): void {
  const problem = noteProblem(error, request, reply);
  renderProblem(problem, request, reply, publicUrl);
}

/** What an error is in the catalogue, said to whatever observes the answer; for whoever answers it in another way. */
export function noteProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): ProblemError {
  const problem = clientLeft(request) ? new ProblemError('malformed-request', { cause: error }) : toProblem(error);
  reply.problem = problem.problem;
  if (problem.logged) request.identify(problem.logged);
  const err = problem.cause ?? problem;
  if (problem.status === 500) request.log.error({ err }, 'request failed');
  else if (problem.status === 503 && problem.cause !== undefined) request.log.warn({ err }, 'a dependency failed');
  else if (problem.cause !== undefined) request.log.debug({ err }, 'request refused');
  return problem;
}

/** The body stopped half-way because the client went away: its reset connection is not a dependency's failure. */
function clientLeft({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete;
}
