import { createServer as createNetServer, type AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import postgres from 'postgres';
import t from 'tap';
import { createLogger, isDependencyFailure } from '../src/index.ts';
import { errorOf } from './support/error-of.ts';
import { failingWith, openService } from './support/service.ts';

const databaseUrl = process.env['ALVA_TEST_DATABASE_URL'] ?? '';

/** A port that nobody listens on. */
async function deadPort(): Promise<number> {
  const server = createNetServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

void t.test('a lost dependency is 503 with Retry-After, never 500, and its error stays here', async (t) => {
  const port = await deadPort();
  const sql = postgres(`postgres://nobody@127.0.0.1:${port}/none`, { max: 1, connect_timeout: 1 });
  t.teardown(() => sql.end());
  const refused = await errorOf(() => sql`select 1`);
  const { app, lines } = await openService(t, { routes: failingWith(() => refused) });
  const answer = await app.inject('/fails');
  t.match([answer.statusCode, answer.json()], [503, { code: 'service-unavailable' }]);
  t.match(answer.headers['retry-after'], /^\d+$/);
  t.notMatch(answer.body, String(port));
  t.match(lines.join(''), '"msg":"a dependency failed"');
});

void t.test(
  'what Postgres says when it cannot serve counts as lost',
  { skip: databaseUrl === '' && 'no test database' },
  async (t) => {
    const sql = postgres(databaseUrl, { max: 2, onnotice: () => undefined });
    t.teardown(() => sql.end());

    // Without the driver's own question for types, which a busy machine may not answer in 20 ms either.
    const hasty = postgres(databaseUrl, { max: 1, fetch_types: false, connection: { statement_timeout: 20 } });
    t.teardown(() => hasty.end());
    const slow = await errorOf(() => hasty`select pg_sleep(5)`);
    t.match(slow, { code: '57014' });
    t.ok(isDependencyFailure(slow), 'statement time-out');

    const nowhere = postgres(databaseUrl, { max: 1, database: 'no_such_database' });
    t.teardown(() => nowhere.end());
    t.notOk(isDependencyFailure(await errorOf(() => nowhere`select 1`)), 'a wrong name is our mistake');
    t.notOk(isDependencyFailure(await errorOf(() => sql`select 1/0`)), 'so is a wrong statement');

    const doomed = postgres(databaseUrl, { max: 1 });
    t.teardown(() => doomed.end({ timeout: 0 }));
    const [{ pid } = { pid: 0 }] = await doomed<{ pid: number }[]>`select pg_backend_pid() as pid`;
    const killed = errorOf(() => doomed`select pg_sleep(30)`);
    while ((await sql`select 1 from pg_stat_activity where pid = ${pid} and wait_event = 'PgSleep'`).length === 0);
    await sql`select pg_terminate_backend(${pid})`;
    t.ok(isDependencyFailure(await killed), 'killed connection');

    await hasty.end();
    t.ok(isDependencyFailure(await errorOf(() => hasty`select 1`)), 'closed pool');
  },
);

void t.test('what Redis says when it cannot serve counts as lost', async (t) => {
  const port = await deadPort();
  for (const options of [{ maxRetriesPerRequest: 0 }, { retryStrategy: () => null }, { enableOfflineQueue: false }]) {
    const redis = new Redis({ host: '127.0.0.1', port, ...options });
    redis.on('error', () => undefined);
    t.teardown(() => redis.disconnect());
    t.ok(isDependencyFailure(await errorOf(redis.get('a'))), Object.keys(options).join());
  }
  for (const message of [
    'LOADING Redis is loading the dataset in memory',
    "READONLY You can't write against a read only replica.",
  ]) {
    t.ok(isDependencyFailure(Object.assign(new Error(message), { name: 'ReplyError' })), message);
  }
  t.notOk(isDependencyFailure(Object.assign(new Error('WRONGTYPE Operation'), { name: 'ReplyError' })));
});

void t.test('a lost connection is found inside whatever wraps it', async (t) => {
  const lost = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  t.ok(isDependencyFailure(new Error('Failed query', { cause: lost })));
  t.ok(isDependencyFailure(new AggregateError([new Error('x'), lost])));
  t.ok(isDependencyFailure(await errorOf(async () => fetch(`http://127.0.0.1:${await deadPort()}`))), 'fetch');
  t.ok(isDependencyFailure(new Error('Connection terminated unexpectedly')), 'node-postgres');
  t.ok(isDependencyFailure(new Error('Client was closed and is not queryable')), 'node-postgres, rolling back');
  for (const code of ['57P01', '57P03', '53300', '08006', '40001']) {
    t.ok(isDependencyFailure(Object.assign(new Error('x'), { code })), code);
  }
  for (const code of ['23505', '42P01', 'EPERM', 'ERR_INVALID_ARG_TYPE']) {
    t.notOk(isDependencyFailure(Object.assign(new Error('x'), { code })), code);
  }
  const circular: Error = new Error('a');
  circular.cause = circular;
  t.notOk(isDependencyFailure(circular));
});

void t.test('an outage is logged without stacks, what is ours to mend with one', async (t) => {
  const written: string[] = [];
  const log = createLogger({
    name: 'greeter',
    level: 'info',
    destination: { write: (line) => void written.push(line) },
  });
  const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
  const wrapped = new Error('Failed query', { cause: refused });
  const unavailable = Object.assign(new Error('no answer within 2000 ms'), { name: 'QueueUnavailableError' });
  for (const err of [wrapped, unavailable, new TypeError('x is undefined')]) log.warn({ err }, 'a sweep failed');
  const [outage, queue, defect] = written.map((line) => (JSON.parse(line) as { err: Record<string, unknown> }).err);
  t.strictSame(outage, {
    type: 'Error',
    message: 'Failed query',
    cause: { type: 'Error', message: refused.message, code: 'ECONNREFUSED' },
  });
  t.strictSame(queue, { type: 'QueueUnavailableError', message: 'no answer within 2000 ms' });
  t.match(defect, { type: 'TypeError', stack: /dependency-failures/ });
});
