import { explainDatabaseFailure } from '@alva/database';
import { createMetrics, createMetricsServer, createReadiness, runService } from '@alva/service-kit';
import { createApp } from './app.ts';
import { loadApiConfig } from './config.ts';
import { openApiResources, readinessChecks } from './resources.ts';

const name = 'api';

await runService({
  name,
  config: () => loadApiConfig(),
  explain: explainDatabaseFailure,
  async start({ config, log, disposer }) {
    const metrics = createMetrics({ name });
    const resources = await openApiResources({ name, config, log, metrics, disposer });
    const { required, tolerated } = readinessChecks(resources);
    const readiness = createReadiness(required, { tolerated, log, metrics });
    const app = await createApp({ config, resources, log, metrics, readiness });
    const internal = createMetricsServer({ name, config, metrics, readiness, logger: log });
    return {
      readiness,
      metrics,
      listeners: [
        { app, host: config.HOST, port: config.PORT, variable: 'PORT', publicUrl: config.API_URL },
        { app: internal, host: config.METRICS_HOST, port: config.METRICS_PORT, variable: 'METRICS_PORT' },
      ],
    };
  },
});
