import { randomBytes } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@alva/testing';
import { startProcess, type Running } from './processes.ts';

export const webOrigin = 'http://localhost:3000';

/** What is opened for a measurement, and closed in reverse after it. */
export interface Cleanup {
  teardown(handler: () => Promise<void>): void;
}

export async function withCleanup(work: (cleanup: Cleanup) => Promise<void>): Promise<void> {
  const handlers: (() => Promise<void>)[] = [];
  try {
    await work({ teardown: (handler) => handlers.unshift(handler) });
  } finally {
    for (const handler of handlers) await handler();
  }
}

/** auth has to know its public address before it listens. */
let nextPort = 20_000 + (process.pid % 20_000);

export interface Services {
  readonly database: TestDatabase;
  readonly auth: Running;
  /** The public address of auth, which is the issuer of its tokens. */
  readonly issuer: string;
  /** A copy of the api. */
  startApi(): Promise<Running>;
}

/** auth in production's settings on a database of its own, with limits that a single address may go beyond. */
export async function startServices(cleanup: Cleanup): Promise<Services> {
  const database = await createTestDatabase(cleanup);
  const port = nextPort++;
  const issuer = `http://localhost:${port}`;
  const shared = {
    NODE_ENV: 'production',
    DATABASE_URL: database.url,
    WEB_URL: webOrigin,
    API_URL: 'http://localhost:3001',
    AUTH_URL: issuer,
    REQUEST_LIMIT: '100000000/1m',
  };
  const start = async (path: string, env: Record<string, string>) => {
    const running = await startProcess(path, { ...shared, ...env });
    cleanup.teardown(() => running.stop());
    return running;
  };
  const auth = await start('apps/auth/src/main.ts', {
    PORT: String(port),
    HOST: 'localhost',
    KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    MAIL_FROM: 'Alva <hello@example.com>',
    SMTP_URL: 'smtp://localhost:1',
    REFRESH_FAILURE_LIMIT: '100000000/5m',
  });
  return { database, auth, issuer, startApi: () => start('apps/api/src/main.ts', {}) };
}
