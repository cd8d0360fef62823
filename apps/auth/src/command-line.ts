import { parseArgs } from 'node:util';
import { ConfigError } from '@alva/service-kit';

export interface CommandLine<Name extends string> {
  readonly usage: string;
  /** The words that each command takes after its name, as the usage calls them; null where it takes none. */
  readonly commands: Readonly<Record<Name, string | null>>;
  readonly flags?: readonly ('now' | 'yes')[];
  /** Resolves with the lines to print; rejects with a ConfigError of one line when it refuses. */
  readonly answer: (asked: Asked<Name>) => Promise<string[]>;
}

export interface Asked<Name extends string> {
  readonly command: Name;
  /** The words after the command; empty where it takes none. */
  readonly operand: string;
  readonly secondOperand: string;
  readonly now: boolean;
  readonly yes: boolean;
}

/** The life of a command at a terminal: what was asked, its lines or one line of refusal, exit code 0 or 1. */
export async function runCommandLine<Name extends string>(line: CommandLine<Name>): Promise<void> {
  try {
    const asked = readArguments(line);
    const lines = asked === undefined ? [line.usage] : await line.answer(asked);
    process.stdout.write(`${lines.join('\n')}\n`);
  } catch (error) {
    process.stderr.write(`${await explain(error)}\n`);
    process.exitCode = 1;
  }
}

/** Undefined for whoever asks how it is used. */
function readArguments<Name extends string>({
  usage,
  commands,
  flags = [],
}: CommandLine<Name>): Asked<Name> | undefined {
  const { positionals, values } = parse(usage, flags);
  const [name, ...words] = positionals;
  if (values.has('help') || name === undefined || name === 'help') return undefined;
  if (!Object.hasOwn(commands, name)) throw new ConfigError(`There is no command "${name}".\n\n${usage}`);
  const command = name as Name;
  const needed = commands[command];
  // What is too much is not repeated: it may be a key, which belongs into the environment.
  const count = needed === null ? 0 : needed.split(' ').length;
  if (count === 0 && words.length > 0) throw new ConfigError(`${name} takes nothing after it.\n\n${usage}`);
  if (words.length < count || words.includes('')) throw new ConfigError(`${name} needs ${needed}.\n\n${usage}`);
  if (words.length > count) throw new ConfigError(`${name} takes ${needed} and nothing after it.\n\n${usage}`);
  const [operand = '', secondOperand = ''] = words;
  return { command, operand, secondOperand, now: values.has('now'), yes: values.has('yes') };
}

function parse(usage: string, flags: readonly string[]) {
  const flagOptions = flags.map((flag) => [flag, { type: 'boolean' as const }]);
  const help = { type: 'boolean', short: 'h' } as const;
  try {
    const options = { ...(Object.fromEntries(flagOptions) as Record<string, { type: 'boolean' }>), help };
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    return { positionals, values: new Set(Object.keys(values)) };
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

/** One line where the person can act on it; what only we can mend keeps its stack. */
async function explain(error: unknown): Promise<string> {
  if (error instanceof ConfigError) return error.message;
  // Not before it is needed: whoever asks for help should not wait for the drivers to be loaded.
  const { explainDatabaseFailure } = await import('@alva/database');
  return explainDatabaseFailure(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
}

/** Minutes are enough to plan by, and the database's clock is in UTC. */
export function moment(milliseconds: number | null): string {
  if (milliseconds === null) return 'never';
  return `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
