import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { type VariableMeta, variablesOf } from './variable.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses the environment once. An empty value counts as unset, and a secret may come from the file that `NAME_FILE`
 * names. Throws a ConfigError of one line per wrong variable: its name, what is wrong and what mends it.
 */
export function loadConfig<Schema extends z.ZodType>(
  schema: Schema,
  { env = process.env }: { env?: Environment } = {},
): z.output<Schema> {
  const metas = new Map(variablesOf(schema).map(([name, , meta]) => [name, meta]));
  const values: Record<string, string> = {};
  const problems = new Map<string, string>();
  for (const [name, meta] of metas) {
    const { value, problem } = readVariable(name, meta, env);
    if (problem !== undefined) problems.set(name, problem);
    else if (value !== undefined) values[name] = value;
    else if (meta.requiredInProduction && env['NODE_ENV'] === 'production') {
      problems.set(name, `${name} is not set. ${mend(name, meta, env)}`);
    }
  }
  const result = schema.safeParse(values);
  for (const { path, message } of result.error?.issues ?? []) {
    const name = String(path[0] ?? 'The environment');
    // What could not even be read has been told, and what follows from that is no news.
    if (problems.has(name)) continue;
    const meta = metas.get(name);
    problems.set(
      name,
      [describeProblem(name, values[name], meta, message), mend(name, meta, env)].filter(Boolean).join(' '),
    );
  }
  if (result.success && problems.size === 0) return result.data;
  throw new ConfigError([...problems.values()].join('\n'));
}

interface Reading {
  value?: string | undefined;
  problem?: string;
}

function readVariable(name: string, meta: VariableMeta, env: Environment): Reading {
  const value = env[name]?.trim() ? env[name] : undefined;
  const file = meta.secret ? env[`${name}_FILE`] : undefined;
  if (!file) return { value };
  if (value !== undefined) return { problem: `${name} and ${name}_FILE are both set. Fix: keep one of the two.` };
  try {
    return { value: readFileSync(file, 'utf8').trim() || undefined };
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return {
      problem: `${name}_FILE names ${oneLine(file)}, which cannot be read (${reason}). Fix: mount that file or set ${name}.`,
    };
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
