import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { DatabaseUnavailable, migrate, openDatabase } from '../src/index.ts';
import { emptyDatabase } from './support/empty-database.ts';

t.test('34: whoever gives up on a statement never leaves its answer to somebody else', async (t) => {
  const url = await emptyDatabase(t);
  await migrate({ url });
  const database = openDatabase({
    url,
    role: 'alva_auth',
    name: 'given-up',
    maximumConnections: 3,
    patienceMs: 300,
  });
  t.teardown(() => database.close());
  const { run } = database;
  const quick = Array.from(
    { length: 6 },
    (_, kind) => `select $1::int as id, ${kind} as kind, repeat('x', $2::int) as pad`,
  );
  const slow = 'select $1::int as id, 99 as kind, pg_sleep($2::float8 / 1000)';
  const wrong: string[] = [];
  let [asked, answered, givenUp] = [0, 0, 0];

  /** Many statements are under way on each connection, and some of them take longer than their callers wait. */
  async function keepAsking(): Promise<void> {
    for (let round = 0; round < 80; round++) {
      const id = ++asked;
      const isSlow = id % 33 === 0;
      const kind = isSlow ? 99 : id % 6;
      try {
        const rows = await run<{ id: number; kind: number }>(isSlow ? slow : (quick[kind] ?? ''), [
          id,
          isSlow ? 200 + (id % 300) : id % 20_000,
        ]);
        const [row] = rows;
        if (rows.length === 1 && row?.id === id && row.kind === kind) answered++;
        else wrong.push(`asked ${id} ${kind}, was told ${row?.id} ${row?.kind}`);
      } catch (error) {
        const { code } = error as { code?: string };
        if (error instanceof DatabaseUnavailable || code === '57014') givenUp++;
        else wrong.push(String(error));
      }
    }
  }
  await Promise.all(Array.from({ length: 40 }, keepAsking));
  t.strictSame(wrong.slice(0, 5), []);
  t.ok(answered > 100 && givenUp > 10, `${answered} answered, ${givenUp} given up`);
});

t.test('34: a pause of this process is not taken for silence of the database', async (t) => {
  const url = await emptyDatabase(t);
  await migrate({ url });
  const patienceMs = 300;
  const database = openDatabase({ url, role: 'alva_auth', name: 'paused', maximumConnections: 1, patienceMs });
  t.teardown(() => database.close());
  const ask = () => database.run<{ pid: number }>('select pg_backend_pid() as pid, $1::int as id', [1]);
  const before = await ask();
  const answer = ask();
  // The driver writes in an immediate of its own.
  await setImmediate();
  await setImmediate();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, patienceMs * 2);
  t.strictSame(await answer, before, 'on the same connection');
  t.strictSame(await ask(), before, 'which was kept');
});
