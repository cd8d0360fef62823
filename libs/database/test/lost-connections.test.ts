import postgres from 'postgres';
import t, { type Test } from 'tap';
import { migrate, openDatabase, sql, type Database } from '../src/index.ts';
import { emptyDatabase } from './support/empty-database.ts';

t.test('34: a connection that dies inside a transaction fails that transaction, and nothing else', async (t) => {
  const { database, endConnections } = await open(t);

  for (let round = 0; round < 3; round++) {
    await t.rejects(
      database.transaction(async (run) => {
        await run('create table public.traces (id int)');
        await endConnections();
        await run('select 1');
      }),
      'hand-written statements',
    );
    await t.rejects(
      database.db.transaction(async (transaction) => {
        await transaction.execute(sql`create table public.traces (id int)`);
        await endConnections();
        await transaction.execute(sql`select 1`);
      }),
      'Drizzle',
    );
    await t.rejects(
      database.transaction(async (run) => {
        await Promise.all([run('select pg_sleep(10)'), endConnections()]);
      }),
      'while a statement runs',
    );
  }

  const { rows } = await database.db.execute(sql`select to_regclass('public.traces') as traces`);
  t.strictSame(rows, [{ traces: null }], 'the pool goes on, and nothing was committed');
});

t.test('34: a transaction that rejects leaves nothing behind and its connection in order', async (t) => {
  const { database } = await open(t);
  const refusal = new Error('refused');

  await t.rejects(
    database.transaction(async (run) => {
      await run('create temporary table traces (id int)');
      throw refusal;
    }),
    refusal,
  );
  await t.rejects(
    database.transaction(async (run) => {
      await run('select nonsense');
    }),
    { code: '42703' },
  );

  t.equal(
    await database.transaction(async (run) => {
      const [row] = await run<{ traces: string | null }>(`select to_regclass('traces') as traces`);
      return row?.traces;
    }),
    null,
  );
});

t.test('34: an answer cut off half-way never shortens, fills or empties another one', async (t) => {
  const { url, owner } = await openOwner(t);
  const name = 'cut-off';
  const database = openDatabase({ url, role: 'alva_auth', name, maximumConnections: 1 });
  t.teardown(() => database.close());
  const { run } = database;

  const outcomes: string[] = [];
  for (let round = 0; round < 3; round++) {
    // The first row is larger than what Postgres holds back, so it is on its way when the connection ends.
    const cutOff = run(`select repeat('x', 100000), pg_sleep(i * 2) from generate_series(0, 1) i`, []);
    const end = () => owner`
      select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where application_name = ${name} and wait_event = 'PgSleep'`;
    const ended = (async () => {
      while ((await end()).length === 0);
    })();
    await t.rejects(cutOff);
    await ended;
    for (let next = 0; next < 4; next++) {
      const outcome = run<{ one: number }>('select 1 as one', []).then(
        (rows) => JSON.stringify(rows),
        () => 'refused',
      );
      outcomes.push(await outcome);
    }
  }
  t.strictSame(new Set(outcomes), new Set(['[{"one":1}]', 'refused']));
  t.equal(outcomes.at(-1), '[{"one":1}]');
});

async function open(t: Test): Promise<{ database: Database; endConnections: () => Promise<void> }> {
  const { url, owner } = await openOwner(t);
  await owner`grant create on schema public to alva_auth`;
  const name = 'lost-connections';
  const database = openDatabase({ url, role: 'alva_auth', name, maximumConnections: 1 });
  t.teardown(() => database.close());
  const endConnections = async () => {
    await owner`select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = ${name}`;
  };
  return { database, endConnections };
}

async function openOwner(t: Test): Promise<{ url: string; owner: postgres.Sql }> {
  const url = await emptyDatabase(t);
  await migrate({ url });
  const owner = postgres(url, { max: 1 });
  t.teardown(() => owner.end());
  return { url, owner };
}
