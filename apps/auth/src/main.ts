import { explainDatabaseFailure } from '@alva/database';
import { createMetrics, createMetricsServer, createReadiness, runService } from '@alva/service-kit';
import { createApp } from './app.ts';
import { readConfig } from './config.ts';
import { createAuthMetrics } from './metrics.ts';
import { openResources, readinessChecks } from './resources.ts';

await runService({
  name: 'auth',
  config: () => readConfig(),
  explain: explainDatabaseFailure,
  async start({ config, log, disposer }) {
    const metrics = createMetrics({ name: 'auth' });
    const authMetrics = createAuthMetrics(metrics);
    const resources = await openResources({ config, metrics: authMetrics, log, disposer });
    const { required, tolerated } = readinessChecks(resources);
    const readiness = createReadiness(required, { tolerated, log, metrics });
    const app = await createApp({ config, resources, log, metrics, authMetrics, readiness });
    const internal = createMetricsServer({ name: 'auth', config, metrics, readiness, logger: log });
    return {
      readiness,
      metrics,
      listeners: [
        { app, host: config.HOST, port: config.PORT, variable: 'PORT', publicUrl: config.AUTH_URL },
        { app: internal, host: config.METRICS_HOST, port: config.METRICS_PORT, variable: 'METRICS_PORT' },
      ],
    };
  },
});
