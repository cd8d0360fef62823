import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { explainDatabaseFailure, migrate, openDatabase, refuseOtherSchema, users } from '../src/index.ts';
import { emptyDatabase } from './support/empty-database.ts';

/** The line for whoever starts a service on this URL, by either driver. */
async function linesFor(t: Test, url: string): Promise<(string | undefined)[]> {
  const database = openDatabase({ url, role: 'alva_auth', name: 'test', maximumConnections: 1 });
  t.teardown(() => database.close());
  const attempts = [() => database.run('select from auth.users'), () => database.db.select().from(users)];
  return Promise.all(attempts.map((attempt) => attempt().then(() => 'works', explainDatabaseFailure)));
}

const change = (url: string, parts: Partial<Pick<URL, 'host' | 'pathname' | 'username' | 'password'>>) =>
  Object.assign(new URL(url), parts).href;

void t.test('a database that cannot be used is told with the variable and what mends it', async (t) => {
  const url = await emptyDatabase(t);
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  t.teardown(() => sql.end());
  const stranger = `stranger_${randomBytes(6).toString('hex')}`;
  await sql.unsafe(`create role ${stranger} login password 'hunter2'`);
  t.teardown(() => sql.unsafe(`drop role ${stranger}`));
  const asStranger = { username: stranger, password: 'hunter2' };
  await migrate({ url });

  const wrong: [string, RegExp][] = [
    [
      change(url, { host: '127.0.0.1:9' }),
      /^DATABASE_URL cannot be reached: .*ECONNREFUSED.* Fix: start Postgres there/,
    ],
    [change(url, { host: 'nowhere.invalid' }), /^DATABASE_URL names no known host: .* Fix: correct its host\.$/],
    [change(url, { pathname: '/nowhere' }), /^DATABASE_URL: database "nowhere" does not exist\. Fix: .*db:migrate$/],
    [change(url, { ...asStranger, password: 'hunter3' }), /^DATABASE_URL is refused: .* Fix: correct its user and/],
    [
      change(url, asStranger),
      /is no member of alva_auth: .* Fix: use the login of this service, or grant alva_auth to it/,
    ],
  ];
  for (const [unusable, line] of wrong) {
    for (const found of await linesFor(t, unusable)) {
      t.match(found, line);
      t.notMatch(found, /hunter|\n/);
    }
  }
  t.match(
    await linesFor(t, await emptyDatabase(t)),
    Array(2).fill(/ is not migrated to this version: .*npm run db:migrate$/),
  );
  t.same(await linesFor(t, url), ['works', 'works']);
});

void t.test(
  'tables without rights are for the owner to migrate, and what is ours to mend keeps its stack',
  async (t) => {
    const url = await emptyDatabase(t);
    await migrate({ url });
    const sql = postgres(url, { max: 1 });
    t.teardown(() => sql.end());
    await sql`revoke usage on schema drizzle from alva_auth`;
    const auth = openDatabase({ url, role: 'alva_auth', name: 'test' });
    t.teardown(() => auth.close());
    const explained = await refuseOtherSchema(auth.run).catch(explainDatabaseFailure);
    t.match(
      explained,
      /^The login of DATABASE_URL lacks rights: .* Fix: npm run db:migrate, with the owner's DATABASE_URL\.$/,
    );
    t.equal(await auth.run('select nonsense from').catch(explainDatabaseFailure), undefined);
  },
);

void t.test('a file that cannot be read is no database that cannot be reached, a socket file is', async (t) => {
  const cause = await readFile('/nowhere/secret').catch((error: unknown) => error);
  t.equal(explainDatabaseFailure(new Error('no secret', { cause })), undefined);
  const refused = await new Promise<Error>((resolve) => connect('/nowhere/.s.PGSQL.5432').once('error', resolve));
  t.match(explainDatabaseFailure(refused), /^DATABASE_URL cannot be reached: .*ENOENT/);
});
