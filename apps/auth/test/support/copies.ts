import { createDisposer, createLogger, createMetrics } from '@alva/service-kit';
import { type TestDatabase } from '@alva/testing';
import { readConfig } from '../../src/config.ts';
import { createAuthMetrics } from '../../src/metrics.ts';
import { openResources, type Resources } from '../../src/resources.ts';
import { keyEncryptionKey } from './auth.ts';

interface Teardown {
  teardown(handler: () => unknown): void;
}

/** What a copy of the service opens before it listens. */
export async function bootCopy(
  t: Teardown,
  database: TestDatabase,
  env: Record<string, string> = {},
): Promise<Resources> {
  const disposer = createDisposer();
  t.teardown(() => disposer.dispose());
  const config = readConfig({
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    KEY_ENCRYPTION_KEY: keyEncryptionKey,
    MAIL_TRANSPORT: 'inbox',
    ...env,
  });
  const log = createLogger({ name: 'auth', level: 'silent' });
  return openResources({ config, metrics: createAuthMetrics(createMetrics({ name: 'auth' })), log, disposer });
}
