import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import {
  createDisposer,
  createLogger,
  createMetrics,
  createReadiness,
  type Metrics,
  type Server,
} from '@alva/service-kit';
import { topics as topicNames, type SessionEndReason } from '@alva/shared-types';
import {
  createTestDatabase,
  createTestRedis,
  createTokenIssuer,
  type TestDatabase,
  type TestRedis,
  type TokenIssuer,
} from '@alva/testing';
import type { SessionRevokedMessage } from '@alva/validation';
import t, { type Test } from 'tap';
import { createApp, type Further } from '../../src/app.ts';
import { loadApiConfig, loadWorkerConfig } from '../../src/config.ts';
import {
  openApiResources,
  openResources,
  readinessChecks,
  type ApiResources,
  type Resources,
} from '../../src/resources.ts';
import { startWorker, type WorkerParts } from '../../src/worker.ts';
import { createPerson, type Person } from './person.ts';
import { leaveProcessesUntouched } from './untouched-processes.ts';

export type StoreName = 'postgres' | 'redis';

leaveProcessesUntouched();

const stores: StoreName[] = process.env['ALVA_TEST_REDIS_URL'] ? ['postgres', 'redis'] : ['postgres'];
if (stores.length === 1) t.comment('NOT TESTED ON REDIS: set ALVA_TEST_REDIS_URL to keep these promises there too');

export interface Stack {
  readonly store: StoreName;
  readonly database: TestDatabase;
  readonly redis: TestRedis | undefined;
  readonly issuer: TokenIssuer;
  /** A copy of the api that listens on a port of its own, stopped with the test. */
  api(variables?: Variables, further?: Further, readerPatienceMs?: number): Promise<Api>;
  /** A worker inside this process, stopped with the test. */
  worker(variables?: Variables, options?: WorkerOptions): Promise<Worker>;
  /** Takes from the queue's store everything that is in it. */
  flushQueue(): Promise<void>;
  /** A copy of the api as a process of its own, for killing. */
  apiProcess(variables?: Variables): Promise<{ url: string; child: ChildProcess }>;
  /** A worker as a process of its own, for killing. */
  workerProcess(variables?: Variables): Promise<ChildProcess>;
  /** Somebody signed in who talks to this api. */
  person(api: Pick<Api, 'url'>, claims?: Parameters<TokenIssuer['issue']>[0]): Promise<Person>;
  /** Ends a session as auth does: it is on the list, then whoever hears the same messages as this api is told. */
  endSession(api: Api, sid: string, reason?: SessionEndReason): Promise<void>;
}

export interface WorkerOptions extends Pick<WorkerParts, 'timing' | 'furtherWorks'> {
  /** Takes the lines of its log, which nobody else sees then. */
  readonly logged?: (line: string) => void;
}

export type Variables = Record<string, string>;

export interface Api {
  readonly url: string;
  readonly app: Server;
  readonly resources: ApiResources;
  readonly metrics: Metrics;
  stop(): Promise<void>;
}

export interface Worker {
  readonly resources: Resources;
  readonly metrics: Metrics;
  stop(): Promise<void>;
}

/** A promise that must hold wherever the queue lives: one test for each store, with a database of its own. */
export function onEachStore(name: string, body: (t: Test, stack: Stack) => Promise<void>): void {
  // Both at once: what takes time here is mostly waiting.
  t.jobs = stores.length;
  for (const store of stores) {
    void t.test(`${store}: ${name}`, { buffered: true }, async (t) => body(t, await createStack(t, store)));
  }
}

/** The cache of compiled modules only makes the process start sooner. */
const inherited = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };

export async function createStack(t: Test, store: StoreName = 'postgres', own?: TestDatabase): Promise<Stack> {
  const database = own ?? (await createTestDatabase(t));
  const redis = store === 'redis' ? await createTestRedis(t) : undefined;
  const issuer = await createTokenIssuer(t);
  const environment = (variables: Variables = {}): Variables => ({
    NODE_ENV: 'test',
    LOG_LEVEL: process.env['ALVA_TEST_LOG'] ?? 'silent',
    DATABASE_URL: database.url,
    AUTH_URL: issuer.url,
    METRICS_PORT: '0',
    PORT: '0',
    LLM_DEMO_PACE: '0',
    ...(redis ? { REDIS_URL: redis.url } : {}),
    ...variables,
  });

  return {
    store,
    database,
    redis,
    issuer,
    async api(variables, further, readerPatienceMs) {
      const config = loadApiConfig(environment(variables));
      const { log, disposer, stop } = partsOf(t, 'api', config);
      const metrics = createMetrics({ name: 'api' });
      const resources = await openApiResources({ name: 'api', config, log, metrics, disposer });
      const { required, tolerated } = readinessChecks(resources);
      const readiness = createReadiness(required, { tolerated, metrics });
      const app = await createApp({
        config,
        resources,
        log,
        metrics,
        readiness,
        readerPatienceMs,
        ...(further ? { further } : {}),
      });
      disposer.add('server', () => closeAsAProcessDoes(app));
      const url = await app.listen({ host: '127.0.0.1', port: 0 });
      return { url, app, resources, metrics, stop };
    },
    async worker(variables, { logged, ...options } = {}) {
      const config = loadWorkerConfig(environment(variables));
      const { log, disposer, stop } = partsOf(t, 'worker', config, logged);
      const resources = await openResources({ name: 'worker', config, log, disposer });
      const metrics = createMetrics({ name: 'worker' });
      startWorker({ config, resources, log, metrics, disposer, ...options });
      return { resources, metrics, stop };
    },
    async flushQueue() {
      if (redis) return redis.flush();
      const tables = await database.sql<{ name: string }[]>`
        select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname = 'queue' and tablename <> 'migration'`;
      await database.sql.unsafe(`truncate ${tables.map(({ name }) => name).join(', ')}`);
    },
    async apiProcess(variables) {
      const child = spawnEntry(t, 'main.ts', { ...environment(variables), LOG_LEVEL: 'info', HOST: '127.0.0.1' });
      if (!child.stdout) throw new Error('The output is not piped');
      const url = await addressIn(child.stdout);
      // Nobody reads on, and a full pipe would hold the api up.
      child.stdout.resume();
      return { url, child };
    },
    async workerProcess(variables) {
      const child = spawnEntry(t, 'worker-main.ts', environment(variables));
      await once(child, 'spawn');
      return child;
    },
    person: (api, claims) => createPerson(api.url, issuer, claims),
    async endSession(api, sid, reason = 'revoked') {
      issuer.end(sid, reason === 'signed-out' ? reason : 'revoked');
      const message: SessionRevokedMessage = { sid, sub: randomUUID(), reason };
      await api.resources.queues.topics.publish(topicNames.sessionRevoked(sid), message);
    },
  };
}

function partsOf(
  t: Test,
  name: string,
  config: { LOG_LEVEL: Parameters<typeof createLogger>[0]['level'] },
  logged?: (line: string) => void,
) {
  const destination = logged && { write: logged };
  const log = createLogger({ name, level: config.LOG_LEVEL, readable: true, ...(destination ? { destination } : {}) });
  const disposer = createDisposer();
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= disposer.dispose());
  t.teardown(stop);
  return { log, disposer, stop };
}

async function addressIn(output: Readable): Promise<string> {
  for await (const line of createInterface(output)) {
    const { addresses } = JSON.parse(line) as { addresses?: string[] };
    if (addresses?.[0] !== undefined) return addresses[0];
  }
  throw new Error('The api ended before it listened');
}

function spawnEntry(t: Test, entry: 'main.ts' | 'worker-main.ts', env: Variables): ChildProcess {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`../../src/${entry}`, import.meta.url))], {
    env: { ...env, ...inherited },
    stdio: ['ignore', entry === 'main.ts' ? 'pipe' : 'inherit', 'inherit'],
  });
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
  return child;
}

/** A connection over which nothing was ever asked counts as busy for a minute: clients open some in advance. */
async function closeAsAProcessDoes(app: Server): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), 2_000);
  await app.close();
  clearTimeout(cut);
}
