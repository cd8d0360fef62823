// node src/openapi-main.ts: prints the OpenAPI document of the api, whatever the environment says, and opens nothing.
import { createLogger, createMetrics, createReadiness, printOpenApi, standIn } from '@alva/service-kit';
import { createApp } from './app.ts';
import { loadApiConfig } from './config.ts';

const name = 'api';

await printOpenApi(
  await createApp({
    config: loadApiConfig({ DATABASE_URL: 'postgres://unused' }),
    resources: standIn(),
    log: createLogger({ name, level: 'silent' }),
    metrics: createMetrics({ name }),
    readiness: createReadiness({}),
  }),
);
