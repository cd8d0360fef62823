import { randomBytes, randomUUID } from 'node:crypto';
import { type AddressInfo } from 'node:net';
import {
  createDisposer,
  createLogger,
  createMetrics,
  createReadiness,
  type Counters,
  type Metrics,
  type Server,
} from '@alva/service-kit';
import { createTestDatabase, type TestDatabase } from '@alva/testing';
import { createApp } from '../../src/app.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { createAuthMetrics } from '../../src/metrics.ts';
import { type Provider } from '../../src/oauth/provider.ts';
import { openResources, readinessChecks, type Resources } from '../../src/resources.ts';

export interface Auth {
  readonly url: string;
  readonly config: Config;
  readonly app: Server;
  readonly resources: Resources;
  readonly metrics: Metrics;
  readonly database: TestDatabase;
  /** Every log line so far. */
  readonly logged: string[];
  stop(): Promise<void>;
}

export interface AuthOptions {
  /** Share one to get two copies of the service. */
  readonly database?: TestDatabase;
  readonly env?: Record<string, string>;
  readonly now?: () => number;
  /** Where limits are counted, instead of where the configuration says. */
  readonly counters?: Counters;
  /** Instead of those that the configuration names. */
  readonly providers?: readonly Provider[];
  /** Milliseconds before whoever stopped reading is hung up on. */
  readonly readerPatienceMs?: number;
}

interface Teardown {
  teardown(handler: () => unknown): void;
}

export const webOrigin = 'http://localhost:3000';
export const keyEncryptionKey = randomBytes(32).toString('base64');

/** Less than the configuration allows elsewhere: most tests are not about what a hash costs. */
const cheapHashes = { ARGON2_MEMORY_MIB: '1', ARGON2_PASSES: '1' };

/** Wide enough that only the tests about limits meet one. */
const wideLimits = {
  LINK_LIMIT_PER_RECIPIENT: '10000/10m',
  LINK_LIMIT_PER_ADDRESS: '10000/5m',
  REFRESH_FAILURE_LIMIT: '10000/5m',
  PASSWORD_LIMIT_PER_ACCOUNT: '10000/15m',
  LOGIN_FAILURE_LIMIT: '10000/5m',
  CLIENT_FAILURE_LIMIT: '10000/5m',
  PROVIDER_LIMIT_PER_ADDRESS: '10000/5m',
  REQUEST_LIMIT: '100000/1m',
};

/** The service as `main.ts` starts it, on a free port and a database of the test's own. */
export async function startAuth(t: Teardown, options: AuthOptions = {}): Promise<Auth> {
  const database = options.database ?? (await createTestDatabase(t));
  const config = readConfig({
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'trace',
    DATABASE_URL: database.url,
    KEY_ENCRYPTION_KEY: keyEncryptionKey,
    WEB_URL: webOrigin,
    MAIL_TRANSPORT: 'inbox',
    ...cheapHashes,
    ...wideLimits,
    ...options.env,
  });
  const logged: string[] = [];
  const log = createLogger({
    name: 'auth',
    level: config.LOG_LEVEL,
    destination: { write: (line: string) => logged.push(line) },
  });
  const disposer = createDisposer();
  const metrics = createMetrics({ name: 'auth' });
  const authMetrics = createAuthMetrics(metrics);
  const opened = await openResources({ config, metrics: authMetrics, log, disposer });
  const providers = options.providers && new Map(options.providers.map((provider) => [provider.name, provider]));
  const resources = {
    ...opened,
    counters: options.counters ?? opened.counters,
    providers: providers ?? opened.providers,
  };
  const { required, tolerated } = readinessChecks(resources);
  const readiness = createReadiness(required, { tolerated, keepMs: 0, log, metrics });
  const { now, readerPatienceMs } = options;
  const parts = { config, resources, log, metrics, authMetrics, readiness, readerPatienceMs };
  const app = await createApp({ ...parts, ...(now ? { now } : {}) });
  await app.listen({ host: config.HOST, port: config.PORT });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= app.close().then(() => disposer.dispose()));
  t.teardown(stop);
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return { url, config, app, resources, metrics, database, logged, stop };
}

/** An address that no other test uses. */
export function newAddress(): string {
  return `person-${randomUUID().slice(0, 8)}@example.com`;
}
