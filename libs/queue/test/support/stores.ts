import { randomUUID } from 'node:crypto';
import { type Test } from 'tap';
import t from 'tap';
import { Client } from 'pg';
import { Redis } from 'ioredis';
import { migrateQueue, openQueues, type Logger, type Queues, type QueuesOptions } from '../../src/index.ts';
import { openLine, type CuttableLine } from './cuttable-line.ts';
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
  /** A line to the store that can be cut, and where to reach the store through it. */
  line(): Promise<CuttableLine & { location: TestStore['location'] }>;
  /** What the queues of this test hold open at the store at this moment. */
  connections(): Promise<string[]>;
  /** Cuts all of them, as a failover or an operator would. */
  killConnections(): Promise<void>;
  /** Everything that the store holds, in one text. */
  contents(): Promise<string>;
  /** What was logged as an error, in one text. */
  errors(): string;
  /** The messages that were logged as warnings, in order. */
  warnings(): string[];
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
  const redisPrefix = `test-${randomUUID()}`;
  const location = { databaseUrl, ...(name === 'redis' ? { redisUrl, redisPrefix } : {}) };
  const connections = await (name === 'redis' ? redisConnections(t, redisPrefix) : postgresConnections(t, databaseUrl));
  const errors: unknown[] = [];
  const warnings: string[] = [];
  const logger: Logger = {
    info: () => undefined,
    warn: (_details, message) => warnings.push(message),
    error: (...args) => errors.push(args),
  };

  return {
    name,
    location,
    async open(options) {
      const queues = await openQueues({ ...location, role: 'alva_app', logger, ...options });
      t.teardown(() => queues.close());
      return queues;
    },
    async line() {
      const line = await openLine(t, location.redisUrl ?? databaseUrl);
      const through = name === 'redis' ? { redisUrl: line.url } : { databaseUrl: line.url };
      return { ...line, location: { ...location, ...through } };
    },
    connections: connections.names,
    killConnections: connections.kill,
    contents: connections.contents,
    errors: () => JSON.stringify(errors),
    warnings: () => warnings,
  };
}

interface Connections {
  names: () => Promise<string[]>;
  kill: () => Promise<void>;
  contents: () => Promise<string>;
}

async function postgresConnections(t: Test, databaseUrl: string): Promise<Connections> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'observer' });
  await client.connect();
  t.teardown(() => client.end());
  const theirs = `from pg_stat_activity where datname = current_database() and application_name like 'alva %'`;
  return {
    async names() {
      const { rows } = await client.query<{ name: string }>(`select application_name as name ${theirs} order by 1`);
      return rows.map(({ name }) => name);
    },
    async kill() {
      await client.query(`select pg_terminate_backend(pid) ${theirs}`);
    },
    async contents() {
      const { rows } = await client.query<{ dump: string }>(`select database_to_xml(true, false, '')::text as dump`);
      return rows[0]?.dump ?? '';
    },
  };
}

/** The Redis is shared with other tests, so only connections and keys of one prefix are counted, killed and cleared away. */
async function redisConnections(t: Test, prefix: string): Promise<Connections> {
  const client = new Redis(connectionUrl('ALVA_TEST_REDIS_URL'));
  t.teardown(async () => {
    const keys = await client.keys(`${prefix}:*`);
    if (keys.length > 0) await client.del(keys);
    await client.quit();
  });
  async function list(): Promise<{ id: string; name: string }[]> {
    const lines = String(await client.client('LIST')).matchAll(/^id=(?<id>\d+) .* name=(?<name>\S*) /gm);
    return [...lines].flatMap(({ groups: { id = '', name = '' } = {} }) =>
      name.startsWith(prefix) ? [{ id, name }] : [],
    );
  }
  return {
    names: async () => (await list()).map(({ name }) => name.replace(prefix, 'alva')).sort(),
    async kill() {
      for (const { id } of await list()) await client.client('KILL', 'ID', id);
    },
    async contents() {
      const keys = await client.keys(`${prefix}:*`);
      // Deliveries are hashes; all else only names them.
      const hashes = await Promise.all(keys.map((key) => client.hgetall(key).catch(() => ({}))));
      return JSON.stringify([keys, hashes]);
    },
  };
}
