import { randomUUID } from 'node:crypto';
import { type Test } from 'tap';
import t from 'tap';
import { Client } from 'pg';
import { Redis } from 'ioredis';
import { migrateQueue, openQueues, type Logger, type Queues, type QueuesOptions } from '../../src/index.ts';
import { connectionUrl, createDatabase } from './database.ts';

type StoreName = Queues['store'];

const redisUrl = process.env.ALVA_TEST_REDIS_URL;
const stores: StoreName[] = redisUrl ? ['postgres', 'redis'] : ['postgres'];
if (!redisUrl) t.comment('NOT TESTED ON REDIS: set ALVA_TEST_REDIS_URL to keep these promises there too');

export interface TestStore {
  readonly name: StoreName;
  /** What `openQueues` of another process would be given. */
  readonly location: Pick<QueuesOptions, 'databaseUrl' | 'redisUrl' | 'redisPrefix'>;
  /** Each call is as good as another process: it shares no connection with the others. Closed with the test. */
  open(options?: Partial<QueuesOptions>): Promise<Queues>;
  /** Cuts every connection that the queues hold at this moment, as a failover or an operator would. */
  killConnections(): Promise<void>;
  /** What was logged as an error, in one text. */
  errors(): string;
}

/** A promise is kept on every store: one test for each, on a database or key prefix of its own. */
export function promise(name: string, body: (t: Test, store: TestStore) => Promise<void>): void {
  for (const store of stores) {
    void t.test(`${store}: ${name}`, async (t) => body(t, await prepare(t, store)));
  }
}

async function prepare(t: Test, name: StoreName): Promise<TestStore> {
  const databaseUrl = await createDatabase(t);
  if (name === 'postgres') await migrateQueue({ url: databaseUrl });
  const location = { databaseUrl, ...(name === 'redis' ? { redisUrl, redisPrefix: `test-${randomUUID()}` } : {}) };
  const errors: unknown[] = [];
  const logger: Logger = { info: () => undefined, warn: () => undefined, error: (...args) => errors.push(args) };

  return {
    name,
    location,
    async open(options) {
      const queues = await openQueues({ ...location, role: 'alva_app', logger, ...options });
      t.teardown(() => queues.close());
      return queues;
    },
    killConnections: () => (name === 'postgres' ? killPostgres(databaseUrl) : killRedis()),
    errors: () => JSON.stringify(errors),
  };
}

async function killPostgres(databaseUrl: string): Promise<void> {
  const client = new Client(databaseUrl);
  await client.connect();
  await client.query(`
    select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like 'alva %'`);
  await client.end();
}

async function killRedis(): Promise<void> {
  const client = new Redis(connectionUrl('ALVA_TEST_REDIS_URL'));
  await client.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await client.client('KILL', 'TYPE', 'pubsub');
  await client.quit();
}
