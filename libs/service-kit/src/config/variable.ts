import { z } from 'zod';

export interface VariableMeta {
  /** What it is for, one sentence. */
  description: string;
  /** Never printed; may also be given as a file by `NAME_FILE`. */
  secret?: boolean;
  /** Shown as the default where the schema cannot know it ("same as AUTH_URL"). */
  defaultText?: string;
  /** A valid value, for `.env.example` and for the line that mends an error. */
  example?: string;
  /** The default only suits one machine: production has to say it. */
  requiredInProduction?: boolean;
  /** The command that makes a valid value, where an example would be copied blindly and a value once used must be kept. */
  command?: string;
}

/** Kept apart from Zod's global registry, which feeds the OpenAPI documents. */
export const variables = z.registry<VariableMeta>();

/** Says what a variable is for. Wrap the finished schema: `variable(port().prefault('3001'), 'Port to listen on')`. */
export function variable<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  meta: Omit<VariableMeta, 'description'> = {},
): Schema {
  variables.add(schema, { description, ...meta });
  return schema;
}

/** The variables of a configuration schema, with whatever refinements and transforms lie around it. */
export function variablesOf(schema: z.ZodType): [name: string, field: z.ZodType, meta: VariableMeta][] {
  let inner: z.ZodType = schema;
  while (inner instanceof z.ZodPipe) inner = inner.in as z.ZodType;
  if (!(inner instanceof z.ZodObject)) throw new TypeError('A configuration schema is a z.object()');
  return Object.entries(inner.shape as Record<string, z.ZodType>).map(([name, field]) => {
    const meta = variables.get(field);
    if (!meta) throw new TypeError(`${name} has no description: wrap its schema in variable(schema, description)`);
    return [name, field, meta];
  });
}
