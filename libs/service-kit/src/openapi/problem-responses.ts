import { type ProblemCode, problems } from '@alva/shared-types';
import { extendedProblems, problemDocument } from '@alva/validation';
import { z } from 'zod';

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
        content: { 'application/problem+json': { schema: schemaOf(group) } },
      },
    ]),
  );
}

/** Codes that say more than all do are told apart by their schema; any other is what all are. */
function schemaOf(codes: readonly ProblemCode[]): z.ZodType {
  const extended = codes.flatMap((code) => extendedProblems[code] ?? []);
  const [only, ...others] = extended.length < codes.length ? [...extended, problemDocument] : extended;
  return only && others.length > 0 ? z.union([only, ...others]) : (only ?? problemDocument);
}
