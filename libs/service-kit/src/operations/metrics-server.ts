import type { FastifyBaseLogger } from 'fastify';
import { createServer, type Server, type ServerOptions } from '../server/create-server.ts';
import { installHealth } from './health.ts';
import type { Metrics } from './metrics.ts';
import type { Readiness } from './readiness.ts';

export interface MetricsServerOptions {
  name: string;
  config: ServerOptions['config'];
  metrics: Metrics;
  readiness: Readiness;
  logger?: FastifyBaseLogger;
}

/** The internal port: GET /metrics for Prometheus, and health for processes that have no other port. */
export function createMetricsServer({ name, config, metrics, readiness, logger }: MetricsServerOptions): Server {
  const app = createServer({ name, publicUrl: '', config, ...(logger ? { logger } : {}) });
  installHealth(app, { readiness });
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  return app;
}
