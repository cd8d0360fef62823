import type { FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { type RequestPart, validationProblem } from '../problems/validation-problem.ts';

/** Checks a part of the request with the Zod schema of its route; issues become one 422 with a pointer each. */
export const validatorCompiler: FastifySchemaCompiler<z.core.$ZodType> = ({ schema, httpPart }) => {
  const part = (httpPart ?? 'body') as RequestPart;
  return (data: unknown) => {
    const result = z.core.safeParse(schema, data, { error: missing });
    return result.success ? { value: result.data } : { error: validationProblem(result.error, part) };
  };
};

/** Zod would say "expected string, received undefined"; people say it is missing. */
const missing = ({ input }: { input?: unknown }) => (input === undefined ? 'This field is required' : undefined);
