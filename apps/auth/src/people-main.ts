// node src/people-main.ts <command>: for emergencies, when no administrator can. `npm run people` starts it with the environment of the stack.
import { parseArgs } from 'node:util';
import { explainDatabaseFailure } from '@alva/database';
import { ConfigError, createDisposer } from '@alva/service-kit';
import { createPeopleCommands } from './admin/people-commands.ts';
import { readPeopleConfig } from './config.ts';
import { openPeopleResources } from './resources.ts';
import { createAnnouncer } from './sessions/announcer.ts';

const usage = `Usage: npm run people -- <command>

  list                      administrators, and who is disabled
  show <email>              an account
  disable <email>           nobody gets in with it any more, all its sessions end
  enable <email>            it may sign in again
  make-admin <email>        gives an account the role admin
  end-sessions <email>      ends all sessions of an account
  end-all-sessions --yes    ends every session: everybody signs in again

Of the database of DATABASE_URL, else of the embedded one. When to use which: docs/operations/incidents.md`;

const disposer = createDisposer();
try {
  process.stdout.write(`${(await run()).join('\n')}\n`);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
} finally {
  await disposer.dispose();
}

async function run(): Promise<string[]> {
  const { name, operands, yes, help } = readArguments();
  if (help) return [usage];
  const { stores, topics } = await openPeopleResources(readPeopleConfig(), disposer);
  let unheard = 0;
  const metrics = { countFailedAnnouncement: () => (unheard += 1) };
  const announceEnds = createAnnouncer({ topics, metrics, log: { warn: () => undefined } });
  const commands = createPeopleCommands({ stores, announceEnds });
  const [operand, ...tooMany] = operands;
  if (!name || !Object.hasOwn(commands, name) || tooMany.length > 0) throw new ConfigError(usage);
  const known = name as keyof typeof commands;
  const needsNone = known === 'list' || known === 'end-all-sessions';
  if (needsNone !== (operand === undefined)) throw new ConfigError(usage);
  const lines = await (known === 'list'
    ? commands.list()
    : known === 'end-all-sessions'
      ? commands[known]({ yes })
      : commands[known](operand ?? ''));
  const missed = `${unheard} of them could not be announced: verifiers learn of them within 30 seconds.`;
  return unheard > 0 ? [...lines, missed] : lines;
}

function readArguments() {
  const options = { yes: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
  try {
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    const [name, ...operands] = positionals;
    return { name, operands, yes: values.yes ?? false, help: values.help ?? name === 'help' };
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

/** One line where the person can act on it; what only we can mend keeps its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return explainDatabaseFailure(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
}
