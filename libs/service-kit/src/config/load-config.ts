import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { type VariableMeta, variablesOf } from './variable.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses the environment once. An empty value counts as unset, and a secret may come from the file that `NAME_FILE`
 * names. Throws a ConfigError of one line that names the first wrong variable, what is wrong and what mends it.
 */
export function loadConfig<Schema extends z.ZodType>(
  schema: Schema,
  { env = process.env }: { env?: Environment } = {},
): z.output<Schema> {
  const metas = new Map(variablesOf(schema).map(([name, , meta]) => [name, meta]));
  const values: Record<string, string> = {};
  for (const [name, meta] of metas) {
    const value = readVariable(name, meta, env);
    if (value !== undefined) values[name] = value;
    else if (meta.requiredInProduction && env['NODE_ENV'] === 'production') {
      throw new ConfigError(`${name} is not set. ${mend(name, meta, env)}`);
    }
  }
  const result = schema.safeParse(values);
  if (result.success) return result.data;

  const [first, ...others] = result.error.issues;
  const name = String(first?.path[0] ?? 'The environment');
  const alsoWrong = [...new Set(others.map((issue) => String(issue.path[0])))].filter((other) => other !== name);
  throw new ConfigError(
    [
      describeProblem(name, values[name], metas.get(name), first?.message ?? 'is not valid'),
      mend(name, metas.get(name), env),
      alsoWrong.length > 0 ? `Also wrong: ${alsoWrong.join(', ')}.` : '',
    ]
      .filter(Boolean)
      .join(' '),
  );
}

function readVariable(name: string, meta: VariableMeta, env: Environment): string | undefined {
  const value = env[name]?.trim() ? env[name] : undefined;
  const file = meta.secret ? env[`${name}_FILE`] : undefined;
  if (!file) return value;
  if (value !== undefined) {
    throw new ConfigError(`${name} and ${name}_FILE are both set. Fix: keep one of the two.`);
  }
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ConfigError(
      `${name}_FILE names ${oneLine(file)}, which cannot be read (${reason}). Fix: mount that file or set ${name}.`,
      { cause: error },
    );
  }
}

function describeProblem(name: string, value: string | undefined, meta: VariableMeta | undefined, message: string) {
  // Zod's own wording for a missing string would speak of types; a person only needs to hear that it is missing.
  if (value === undefined) return message.startsWith('Invalid input') ? `${name} is not set.` : `${name} ${message}.`;
  return meta?.secret ? `${name} (value not shown) ${message}.` : `${name} is "${oneLine(value)}": ${message}.`;
}

function mend(name: string, meta: VariableMeta | undefined, env: Environment): string {
  // Only the commands of development read the file by themselves.
  const where = env['NODE_ENV'] === 'production' ? 'the environment' : '.env or the environment';
  if (meta?.command) {
    // The value before comes first: whoever makes a new one where there was one loses what is sealed under it.
    return `Fix: if this installation has run before, set it in ${where} to the value it ran with; only for a new one to what this prints: ${meta.command}`;
  }
  if (meta?.example) return `Fix: set it in ${where}, for example ${name}=${meta.example}`;
  return meta ? `Fix: set ${name} in ${where} (${meta.description.replace(/\.$/, '')}).` : '';
}

function oneLine(value: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what must not reach the terminal
  const printable = value.replace(/[\u0000-\u001f\u007f]/g, ' ');
  return printable.length > 60 ? `${printable.slice(0, 57)}...` : printable;
}
