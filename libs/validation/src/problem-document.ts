import { z } from 'zod';

/** RFC 9457 problem details, as every error of every service looks. */
export const problemDocument = z
  .object({
    type: z.string().describe('Address of a page that explains the code'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type ProblemDocument = z.infer<typeof problemDocument>;
