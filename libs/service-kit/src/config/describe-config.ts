import { z } from 'zod';
import { variablesOf } from './variable.ts';

export interface VariableRow {
  name: string;
  /** As it would be written in the environment; undefined where there is none. */
  default: string | undefined;
  /** True when `default` only says in words what holds. */
  defaultInWords: boolean;
  required: boolean;
  secret: boolean;
  description: string;
  example: string | undefined;
}

/** What `.env.example` and the README's table are generated from. */
export function describeConfig(schema: z.ZodType): VariableRow[] {
  return variablesOf(schema).map(([name, field, meta]) => {
    const standard = meta.defaultText ?? defaultOf(field);
    return {
      name,
      default: standard,
      defaultInWords: meta.defaultText !== undefined,
      required: standard === undefined && !field.safeParse(undefined).success,
      secret: meta.secret ?? false,
      description: meta.description,
      example: meta.example,
    };
  });
}

function defaultOf(field: z.ZodType): string | undefined {
  if (field instanceof z.ZodPrefault || field instanceof z.ZodDefault) return String(field.def.defaultValue);
  if (field instanceof z.ZodOptional) return defaultOf(field.unwrap() as z.ZodType);
  if (field instanceof z.ZodPipe) return defaultOf(field.in as z.ZodType);
  return undefined;
}
