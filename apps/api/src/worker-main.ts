import { explainDatabaseFailure } from '@alva/database';
import { createMetrics, createMetricsServer, createReadiness, runService } from '@alva/service-kit';
import { loadWorkerConfig } from './config.ts';
import { openResources } from './resources.ts';
import { startWorker } from './worker.ts';

const name = 'worker';

await runService({
  name,
  config: () => loadWorkerConfig(),
  explain: explainDatabaseFailure,
  // Nobody routes traffic here, so nobody has to notice before the work is put back.
  drainDelayMs: 0,
  async start({ config, log, disposer }) {
    const resources = await openResources({ name, config, log, disposer });
    const metrics = createMetrics({ name });
    const readiness = createReadiness(
      { database: () => resources.database.check(), queue: () => resources.queues.check() },
      { log, metrics },
    );
    startWorker({ config, resources, log, metrics, disposer });
    const internal = createMetricsServer({ name, config, metrics, readiness, logger: log });
    return {
      readiness,
      listeners: [{ app: internal, host: config.METRICS_HOST, port: config.METRICS_PORT, variable: 'METRICS_PORT' }],
    };
  },
});
