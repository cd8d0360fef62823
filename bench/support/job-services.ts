import { randomUUID } from 'node:crypto';
import { createTestDatabase, createTestRedis, createTokenIssuer, type TestDatabase } from '@alva/testing';
import { startProcess, type Running } from './processes.ts';
import type { Cleanup } from './services.ts';

export type StoreName = 'postgres' | 'redis';

/** Where the queue can live on this machine. */
export function availableStores(): StoreName[] {
  return process.env['ALVA_TEST_REDIS_URL'] ? ['postgres', 'redis'] : ['postgres'];
}

export interface JobServices {
  readonly database: TestDatabase;
  readonly api: Running;
  /** The address of the api. */
  readonly url: string;
  readonly startWorker: (env?: Record<string, string>) => Promise<Running>;
  /** Somebody's access token, and who that is. */
  readonly signIn: () => Promise<Person>;
}

export interface Person {
  readonly sub: string;
  readonly headers: Record<string, string>;
}

/** api and workers in production's settings, where neither budgets nor limits stand in the way; auth is stood in for. */
export async function startJobServices(cleanup: Cleanup, store: StoreName): Promise<JobServices> {
  const database = await createTestDatabase(cleanup);
  const redis = store === 'redis' ? await createTestRedis(cleanup) : undefined;
  const issuer = await createTokenIssuer(cleanup);
  const shared = {
    NODE_ENV: 'production',
    DATABASE_URL: database.url,
    AUTH_URL: issuer.url,
    API_URL: 'http://localhost:3001',
    WEB_URL: 'http://localhost:3000',
    REQUEST_LIMIT: '100000000/1m',
    DAILY_TOKEN_BUDGET: '1000000000',
    MAX_UNFINISHED_JOBS: '10000',
    JOB_STREAMS_PER_PERSON: '10000',
    LLM_PROVIDER: 'demo',
    LLM_DEMO_PACE: '0',
    ...(redis ? { REDIS_URL: redis.url } : {}),
  };
  const start = async (path: string, env: Record<string, string>) => {
    const running = await startProcess(path, { ...shared, ...env });
    cleanup.teardown(() => running.stop());
    return running;
  };
  const api = await start('apps/api/src/main.ts', {});
  return {
    database,
    api,
    url: api.addresses[0] ?? '',
    startWorker: (env = {}) => start('apps/api/src/worker-main.ts', env),
    signIn: async () => {
      const sub = randomUUID();
      return { sub, headers: { authorization: `Bearer ${await issuer.issue({ sub })}` } };
    },
  };
}
