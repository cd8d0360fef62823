// node src/openapi-main.ts: prints the OpenAPI document of auth, whatever the environment says, and opens nothing.
import { createLogger, createMetrics, createReadiness, printOpenApi, standIn } from '@alva/service-kit';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { createAuthMetrics } from './metrics.ts';

const name = 'auth';
const metrics = createMetrics({ name });
const config = readConfig({
  DATABASE_URL: 'postgres://unused',
  KEY_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
  // Without the inbox of development, which is no part of the service.
  SMTP_URL: 'smtp://unused',
});

await printOpenApi(
  await createApp({
    config,
    resources: standIn(),
    log: createLogger({ name, level: 'silent' }),
    metrics,
    authMetrics: createAuthMetrics(metrics),
    readiness: createReadiness({}),
  }),
);
