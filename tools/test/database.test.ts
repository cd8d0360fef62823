import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { stackPorts } from '../environment/stack-ports.ts';
import { openEmbeddedPostgres, testCluster } from '../postgres/embedded-postgres.ts';
import { migrateStackDatabase, openIntendedDatabase } from '../stack/database.ts';
import { runScript, toolsFolder } from './support/tool.ts';

/** A database and a login that owns it, and may do nothing else. */
async function createOwnedDatabase(t: Test) {
  const { url, release } = await openEmbeddedPostgres(testCluster);
  t.teardown(release);
  const sql = postgres(url, { max: 1 });
  t.teardown(() => sql.end());
  const name = `owned_${randomBytes(4).toString('hex')}`;
  await sql.unsafe(`create role ${name} login password 'hunter2'`);
  t.teardown(() => sql.unsafe(`drop role ${name}`));
  await sql.unsafe(`create database ${name} owner ${name}`);
  t.teardown(() => sql.unsafe(`drop database ${name} with (force)`));
  return {
    place: `${new URL(url).host}/${name}`,
    superuserUrl: new URL(name, url).href,
    ownerUrl: Object.assign(new URL(name, url), { username: name, password: 'hunter2' }).href,
  };
}

void t.test('db:migrate takes the URL from a file, and says which database it migrated', async (t) => {
  const { superuserUrl, place } = await createOwnedDatabase(t);
  const folder = t.testdir({ url: `${superuserUrl}\n`, empty: '\n' });
  const migrate = (env: NodeJS.ProcessEnv) =>
    runScript(t, join(toolsFolder, 'migrate.ts'), [], { DATABASE_URL: '', DATABASE_URL_FILE: '', ...env });

  const done = migrate({ DATABASE_URL_FILE: join(folder, 'url'), NODE_ENV: 'production' });
  t.equal((await done.exited).code, 0, done.lines.join('\n'));
  t.match(done.lines.at(-1), `✓ Migrations of ${place} `);
  t.notMatch(done.lines.join('\n'), new URL(superuserUrl).password);
  const sql = postgres(superuserUrl, { max: 1 });
  t.teardown(() => sql.end());
  t.equal((await sql`select from auth.users`).count, 0, 'it is migrated');

  const refused: [NodeJS.ProcessEnv, string | RegExp][] = [
    [{ DATABASE_URL_FILE: join(folder, 'none') }, /^DATABASE_URL_FILE names a file that cannot be read: ENOENT/],
    [{ DATABASE_URL_FILE: join(folder, 'empty') }, /^DATABASE_URL_FILE names .* which is empty\.$/],
    [{ DATABASE_URL_FILE: join(folder, 'url'), DATABASE_URL: superuserUrl }, / are both set\. Keep one of the two\.$/],
  ];
  for (const [env, line] of refused) {
    const tool = migrate(env);
    t.equal((await tool.exited).code, 1);
    t.equal(tool.lines.length, 1);
    t.match(tool.lines[0], line);
  }
});

void t.test('in production the embedded database is never migrated in the place of the real one', async (t) => {
  const environment = { ports: stackPorts(), variables: {}, forProduction: true };
  await t.rejects(openIntendedDatabase(environment), {
    name: 'Hint',
    message: /^NODE_ENV is production, but DATABASE_/,
  });
});

void t.test('a database from before 0.1.0 is refused in one line that says so', async (t) => {
  const { superuserUrl, place } = await createOwnedDatabase(t);
  const sql = postgres(superuserUrl, { max: 1 });
  t.teardown(() => sql.end());
  await sql`create schema auth`;
  await t.rejects(migrateStackDatabase(superuserUrl), {
    name: 'Hint',
    message: `${place}: The database was made by a version that cannot be migrated to this one: none made before 0.1.0 can.`,
  });
});

void t.test('a login that may not migrate is told in one line what it needs, without its password', async (t) => {
  const { ownerUrl, place } = await createOwnedDatabase(t);
  const refusal = await migrateStackDatabase(ownerUrl).catch((error: unknown) => error as Error);
  t.match(refusal, { name: 'Hint', message: /^The login of DATABASE_URL .* may not migrate: .*CREATEROLE/ });
  t.match(refusal?.message, place);
  t.notMatch(refusal?.message, /hunter2|\n/);
});
