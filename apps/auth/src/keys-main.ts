// node src/keys-main.ts <command>: looks after the ring of signing keys. `npm run keys` starts it with the environment of the stack.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError } from '@alva/service-kit';

const usage = `Usage: npm run keys -- <command>

  list                  the keys: which one signs, which comes next, which only verify
  rotate                the next key signs from now on, and nobody notices
  rotate --now --yes    the same after a leak: at once, and all other keys that signed are removed
  import <file>         a P-256 private key in PEM or JWK (- for standard input) becomes the next one
  reseal                after KEY_ENCRYPTION_KEY was changed; OLD_KEY_ENCRYPTION_KEY is the one before
  replace --yes         after KEY_ENCRYPTION_KEY was lost: new keys in place of those that cannot be opened
  check                 whether KEY_ENCRYPTION_KEY opens the keys

Keys are those of DATABASE_URL, else of the embedded database. Secrets may come from files: NAME_FILE=/run/secrets/name
What each does to people who are signed in: docs/operations/keys.md`;

function readArguments() {
  const options = {
    now: { type: 'boolean' },
    yes: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    const [command, ...operands] = positionals;
    const { now = false, yes = false, help = false } = values;
    return { command, operands, now, yes, help: help || command === 'help' };
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

const commandNames = ['list', 'rotate', 'import', 'reseal', 'replace', 'check'] as const;

function isCommand(name: string | undefined): name is (typeof commandNames)[number] {
  return commandNames.some((known) => known === name);
}

async function run(): Promise<string[]> {
  const { command, operands, help, ...options } = readArguments();
  if (help || command === undefined) return [usage];
  const [operand, ...tooMany] = operands;
  if (!isCommand(command)) throw new ConfigError(`There is no command "${command}".\n\n${usage}`);
  if (tooMany.length > 0 || (operand === undefined) === (command === 'import')) throw new ConfigError(usage);

  // Not before it is known what to do: whoever asks for help should not wait for all of auth to be loaded.
  const [{ readKeysConfig }, { openKeyResources }, { createKeyCommands }] = await Promise.all([
    import('./config.ts'),
    import('./resources.ts'),
    import('./tokens/key-commands.ts'),
  ]);
  const { close, ...parts } = openKeyResources(readKeysConfig());
  try {
    const commands = createKeyCommands({
      ...parts,
      readInput: (name) => readFileSync(name === '-' ? process.stdin.fd : name, 'utf8'),
    });
    switch (command) {
      case 'list':
      case 'check':
      case 'reseal':
        return await commands[command]();
      case 'rotate':
      case 'replace':
        return await commands[command](options);
      case 'import':
        return await commands.import(operand ?? '');
    }
  } finally {
    await close();
  }
}

/** One line where the person can act on it; what only we can mend keeps its stack. */
async function explain(error: unknown): Promise<string> {
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { explainDatabaseFailure } = await import('@alva/database');
  return explainDatabaseFailure(error) ?? error.stack ?? error.message;
}

try {
  process.stdout.write(`${(await run()).join('\n')}\n`);
} catch (error) {
  process.stderr.write(`${await explain(error)}\n`);
  process.exitCode = 1;
}
