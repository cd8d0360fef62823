import { type ProblemCode, problems } from '@alva/shared-types';
import { isDependencyFailure } from './dependency-failure.ts';
import { ProblemError } from './problem-error.ts';

const byFrameworkCode: Record<string, ProblemCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: 'unsupported-media-type',
  FST_ERR_NOT_FOUND: 'not-found',
  FST_ERR_MAX_PARAM_LENGTH: 'not-found',
  FST_ERR_HANDLER_TIMEOUT: 'service-unavailable',
};

/** Gives any thrown value its place in the catalogue. What nobody foresaw is `internal-error` and says nothing. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof Error) {
    // Libraries that know nothing of this package refuse with `problem`, the code, and may add `detail` and `headers`.
    if (namesProblem(error)) {
      const { problem, detail, headers } = error;
      return new ProblemError(problem, {
        cause: error,
        ...(detail ? { detail } : {}),
        ...(headers ? { headers } : {}),
      });
    }
    const framework = frameworkProblem(error);
    if (framework) return new ProblemError(framework, { cause: error });
    if (isDependencyFailure(error)) return new ProblemError('service-unavailable', { cause: error });
  }
  return new ProblemError('internal-error', { cause: error });
}

interface NamesProblem extends Error {
  problem: ProblemCode;
  detail?: string;
  headers?: Record<string, string>;
}

function namesProblem(error: Error): error is NamesProblem {
  return 'problem' in error && typeof error.problem === 'string' && Object.hasOwn(problems, error.problem);
}

/** Fastify's own refusals of a request: the ones named above, and otherwise "could not be read" for the rest of 400. */
function frameworkProblem(error: Error): ProblemCode | undefined {
  if (!('code' in error) || typeof error.code !== 'string') return undefined;
  if (byFrameworkCode[error.code]) return byFrameworkCode[error.code];
  return error.code.startsWith('FST_') && 'statusCode' in error && error.statusCode === 400
    ? 'malformed-request'
    : undefined;
}
