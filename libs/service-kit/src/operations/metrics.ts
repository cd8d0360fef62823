import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { version } from './version.ts';

export interface Metrics {
  /** For the service's own counters: `new Counter({ name, help, registers: [metrics.registry] })`. */
  readonly registry: Registry;
  observeRequest(method: string, route: string | undefined, status: number, milliseconds: number): void;
  countRateLimited(limit: string): void;
  /** Shows limits that nobody reached yet: the first time is an increase too, which is seen only where a series was. */
  expectLimits(limits: Iterable<string>): void;
}

/** One registry per process, with what every process measures of itself. */
export function createMetrics({ name }: { name: string }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service: name });
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'alva_build_info',
    help: 'What runs: the version of Alva, and of Node. Always 1.',
    labelNames: ['version', 'node_version'],
    registers: [registry],
  }).set({ version, node_version: process.version }, 1);
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request line to the last byte of the answer, by route pattern.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const limited = new Counter({
    name: 'rate_limited_total',
    help: 'Requests refused with 429, by the limit that refused them.',
    labelNames: ['limit'],
    registers: [registry],
  });
  // Finding a series by its labels costs as much as all else here, and there are few: routes × methods × statuses.
  const known = new Map<string, Histogram.Internal<'method' | 'route' | 'status'>>();
  return {
    registry,
    // By pattern, never by address: addresses are without end and may name people.
    observeRequest: (method, route = 'none', status, milliseconds) => {
      const key = `${method} ${status} ${route}`;
      let series = known.get(key);
      if (!series) known.set(key, (series = duration.labels({ method, route, status })));
      series.observe(milliseconds / 1000);
    },
    countRateLimited: (limit) => limited.inc({ limit }),
    expectLimits: (limits) => {
      for (const limit of limits) limited.inc({ limit }, 0);
    },
  };
}
