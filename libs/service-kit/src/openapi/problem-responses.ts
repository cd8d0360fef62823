import { type ProblemCode, problems } from '@alva/shared-types';
import { problemDocument } from '@alva/validation';
import type { z } from 'zod';

/**
 * Documents the errors of a route: `response: { 200: tokens, ...problemResponses('link-invalid', 'link-used') }`.
 * What any route may answer (validation, limits, outages) is added by itself.
 *
 * Typed as nothing at all: handlers throw problems and never return one.
 */
export function problemResponses(...codes: ProblemCode[]): object {
  return onlyProblemResponses(...codes, 'rate-limited', 'internal-error', 'service-unavailable');
}

/** The same with nothing added: for routes that no limit holds for. */
export function onlyProblemResponses(...codes: ProblemCode[]): object {
  const byStatus = Map.groupBy(new Set(codes), (code) => problems[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\`: ${problems[code].title}`).join('. '),
        content: { 'application/problem+json': { schema: problemDocument } },
      },
    ]),
  );
}

/** Documents an error that says more than all do, the only one of its status: `problemResponse('different-browser', schema)`. */
export function problemResponse(code: ProblemCode, schema: z.ZodType): object {
  const { status, title } = problems[code];
  return {
    [status]: { description: `\`${code}\`: ${title}`, content: { 'application/problem+json': { schema } } },
  };
}
