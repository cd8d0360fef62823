// npm run clients -- add "name" | list | remove <id>: the services that may ask auth about tokens and revoke them.
import { openDatabase, type RunStatement } from '@alva/database';
import { line } from '@alva/validation';
import { addClient, countNamed, listClients, removeClient } from './clients/registered-clients.ts';
import { readStackEnvironment } from './environment/stack-environment.ts';
import { Hint, runCommand } from './hint.ts';
import { alignColumns } from './progress.ts';
import { openIntendedDatabase, placeOf } from './stack/database.ts';

const usage = 'Usage: npm run clients -- add "name" | list | remove <id>';
const commands: Record<string, (run: RunStatement, argument: string) => Promise<string[]>> = { add, list, remove };

await runCommand(async () => {
  const [name = '--help', argument = '', ...more] = process.argv.slice(2);
  if (['help', '--help', '-h'].includes(name)) {
    console.log(usage);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new Hint(`There is no command "${name}". ${usage}`);
  if (more.length > 0 || (name === 'list') !== (argument === '')) throw new Hint(usage);
  const intended = await openIntendedDatabase(readStackEnvironment());
  const { url } = intended;
  const database = openDatabase({ url, role: 'alva_auth', name: 'alva clients', maximumConnections: 1 });
  try {
    const lines = await command(database.run, argument);
    console.log([...lines, `In ${placeOf(url)}.`].join('\n'));
    return 0;
  } catch (error) {
    throw explain(error, url);
  } finally {
    await database.close();
    await intended.release();
  }
});

async function add(run: RunStatement, given: string): Promise<string[]> {
  const { success, data: name } = line(100).safeParse(given);
  if (!success) throw new Hint('A name is one line of at most 100 characters: what the client is for.');
  const { id, secret } = await addClient(run, name);
  const rows = [
    ['client_id', id],
    ['client_secret', secret],
  ];
  const alike = await countNamed(run, name);
  return [
    ...alignColumns(rows),
    ...(alike > 1
      ? [`${alike} clients are called ${name} now: npm run clients -- list, and remove those no longer used.`]
      : []),
    'The secret is shown this once and stored as a hash: keep it where the service finds it.',
  ];
}

async function list(run: RunStatement): Promise<string[]> {
  const clients = await listClients(run);
  if (clients.length === 0) return [`There are no clients. Make one: npm run clients -- add "name"`];
  return alignColumns([
    ['id', 'name', 'made', 'last used'],
    ...clients.map(({ id, name, createdAt, lastUsedAt }) => [id, name, createdAt, lastUsedAt ?? 'never']),
  ]);
}

async function remove(run: RunStatement, id: string): Promise<string[]> {
  const name = await removeClient(run, id);
  if (name === undefined) throw new Hint(`There is no client ${id}. npm run clients -- list shows all.`);
  return [`${name} is removed: its credentials are refused from now on.`];
}

/** SQLSTATE 42P01 and 3F000: the tables, or their schema, are not there; 22023 and 42704: nor is the role. */
function explain(error: unknown, url: string): unknown {
  const { code = '', message } = error as { code?: string; message: string };
  if (['42P01', '3F000', '22023', '42704'].includes(code)) {
    return new Hint(`${placeOf(url)} is not migrated yet. Fix: npm run db:migrate`);
  }
  return /^(E[A-Z]+|CONNECT|28|3D|08|57P)/.test(code)
    ? new Hint(
        `DATABASE_URL (${placeOf(url)}) cannot be used: ${message || code}. Correct it, or unset it to use the embedded Postgres.`,
      )
    : error;
}
