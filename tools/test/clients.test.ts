import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { openEmbeddedPostgres, testCluster } from '../postgres/embedded-postgres.ts';
import { migrateStackDatabase } from '../stack/database.ts';
import { runScript, toolsFolder } from './support/tool.ts';

async function createDatabase(t: Test) {
  const { url: server, release } = await openEmbeddedPostgres(testCluster);
  t.teardown(release);
  const sql = postgres(server, { max: 1 });
  t.teardown(() => sql.end());
  const name = `clients_${randomBytes(4).toString('hex')}`;
  await sql.unsafe(`create database ${name}`);
  t.teardown(() => sql.unsafe(`drop database ${name} with (force)`));
  const url = new URL(name, server).href;
  const clients = async (...args: string[]) => {
    const tool = runScript(t, join(toolsFolder, 'clients.ts'), args, { DATABASE_URL: url, DATABASE_URL_FILE: '' });
    const { code } = await tool.exited;
    return { code, lines: tool.lines, text: tool.lines.join('\n') };
  };
  return { url, clients };
}

void t.test('a client is made with a secret that is shown once, listed without it, and removed', async (t) => {
  const { url, clients } = await createDatabase(t);
  await migrateStackDatabase(url);
  const sql = postgres(url, { max: 1 });
  t.teardown(() => sql.end());
  t.match((await clients('list')).lines[0], /^There are no clients\. Make one: npm run clients -- add "name"$/);

  const added = await clients('add', 'Billing');
  t.equal(added.code, 0, added.text);
  const [, id = ''] = /^client_id +([\da-f-]{36})$/m.exec(added.text) ?? [];
  const [, secret = ''] = /^client_secret +([\w-]{43})$/m.exec(added.text) ?? [];
  t.match(added.lines.slice(2), [/^The secret is shown this once/, /^In .*clients_\w+\.$/]);
  const hash = createHash('sha256').update(secret).digest();
  t.match(await sql`select id, name, secret_hash from auth.clients`, [{ id, name: 'Billing', secret_hash: hash }]);

  const again = await clients('add', 'Billing');
  t.match(again.lines[2], /^2 clients are called Billing now/);
  const [, second = ''] = /^client_id +([\da-f-]{36})$/m.exec(again.text) ?? [];
  t.match(await clients('remove', second), { code: 0 });

  const listed = await clients('list');
  t.match(
    listed.lines[0],
    new RegExp(`^${id} +made \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC +last used never +Billing$`),
  );
  t.notMatch(listed.text, secret);
  t.match(await clients('remove', id), { code: 0, lines: [/^Billing is removed/] });
  t.match(await clients('remove', id), { code: 1, lines: [/^There is no client .*list shows all\.$/] });
  t.equal((await sql`select from auth.clients`).count, 0);

  const events = await sql`select event, detail from auth.audit_events order by id`;
  const detail = { client: id, name: 'Billing' };
  const other = { client: second, name: 'Billing' };
  t.match(events, [
    { event: 'client-added', detail },
    { event: 'client-added', detail: other },
    { event: 'client-removed', detail: other },
    { event: 'client-removed', detail },
  ]);
  t.notMatch(JSON.stringify(events), secret);
});

void t.test('what cannot be done is told in one line with what mends it', async (t) => {
  const { clients } = await createDatabase(t);
  const misused: [string[], RegExp][] = [
    [['add'], /^add needs "name"\.$/],
    [['add', ''], /^add needs "name"\.$/],
    [['remove'], /^remove needs <id>\.$/],
    [['list', 'x'], /^list takes nothing after it\.$/],
    [['add', 'a', 'b'], /^add takes "name" and nothing after it\.$/],
  ];
  for (const [args, line] of misused) {
    const lines = [line, /^$/, /^Usage: npm run clients -- <command>$/];
    t.match(await clients(...args), { code: 1, lines }, args.join(' '));
  }
  for (const word of ['toString', 'rename']) {
    const lines = [new RegExp(`^There is no command "${word}"\\.$`)];
    t.match(await clients(word, 'x'), { code: 1, lines }, word);
  }
  const unmigrated = await clients('list');
  t.equal(unmigrated.lines.length, 1, unmigrated.text);
  t.match(unmigrated, { code: 1, lines: [/is not migrated to this version: .*Fix: npm run db:migrate$/] });
  t.match(await clients('add', 'two\nlines'), { code: 1, lines: [/^A name is one line/] });
});
