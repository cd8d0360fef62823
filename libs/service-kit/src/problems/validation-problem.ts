import type { z } from 'zod';
import { type FieldError, ProblemError } from './problem-error.ts';

export type RequestPart = 'body' | 'querystring' | 'params' | 'headers';

const prefixes: Record<RequestPart, string> = {
  body: '#',
  querystring: '#/query',
  params: '#/path',
  headers: '#/headers',
};

// A hostile body can be wrong in thousands of places; nobody reads more than this.
const mostErrors = 50;

/** 422 with a JSON pointer for every issue. */
export function validationProblem(error: z.core.$ZodError, part: RequestPart = 'body'): ProblemError {
  return new ProblemError('validation-failed', {
    errors: error.issues.flatMap((issue) => fieldErrors(issue, prefixes[part])).slice(0, mostErrors),
  });
}

function fieldErrors(issue: z.core.$ZodIssue, prefix: string): FieldError[] {
  const pointer = prefix + issue.path.map((segment) => `/${escapeSegment(String(segment))}`).join('');
  if (issue.code !== 'unrecognized_keys') return [{ pointer, detail: issue.message }];
  return issue.keys.slice(0, mostErrors).map((key) => ({
    pointer: `${pointer}/${escapeSegment(key.slice(0, 100))}`,
    detail: 'This field is not known here',
  }));
}

/** RFC 6901 escapes inside a URI fragment. */
function escapeSegment(segment: string): string {
  return encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1').toWellFormed());
}
