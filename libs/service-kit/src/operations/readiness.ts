import type { FastifyBaseLogger } from 'fastify';
import { Gauge } from 'prom-client';
import { describeBriefly } from '../server/describe-error.ts';
import type { Metrics } from './metrics.ts';

export type Check = () => Promise<unknown>;
type Checks = Record<string, Check>;

export interface Readiness {
  /** The names of the required checks that fail now; empty when ready. */
  failing(): Promise<string[]>;
  /** The names of the tolerated checks that fail now: ready all the same. */
  degraded(): Promise<string[]>;
  /** Not ready from now on, so that no new work is sent here while the process drains. */
  stop(): void;
}

export interface ReadinessOptions {
  /**
   * What most of the work can be done without. Its failure is reported and takes no copy out of service: it fails for
   * all copies at once, and a load balancer without any is the greater outage.
   */
  tolerated?: Checks;
  timeoutMs?: number;
  /** Answers are kept this long: whoever hammers /readyz must not hammer the database. */
  keepMs?: number;
  /** Hears why a check fails, once per change. */
  log?: FastifyBaseLogger;
  /** Shows every check, tolerated or not. */
  metrics?: Metrics;
}

/** Asks every dependency by name: `createReadiness({ database: () => sql\`select 1\` })`. */
export function createReadiness(
  required: Checks,
  { tolerated = {}, timeoutMs = 2_000, keepMs = 500, log, metrics }: ReadinessOptions = {},
): Readiness {
  const checks = { ...required, ...tolerated };
  let stopped = false;
  let latest: { at: number; answer: Promise<string[]> } | undefined;
  let reported = '';

  async function ask(): Promise<string[]> {
    const names = Object.keys(checks);
    const results = await Promise.allSettled(Object.values(checks).map((check) => withTimeout(check, timeoutMs)));
    const failures = results.flatMap((result, index) =>
      result.status === 'rejected' ? [{ name: names[index] ?? '', err: describeBriefly(result.reason) }] : [],
    );
    const failing = failures.map(({ name }) => name);
    if (failing.join() !== reported) {
      for (const { name, err } of failures)
        log?.warn({ err, check: name }, name in required ? 'not ready' : 'ready, but a part is missing');
      if (failing.length === 0) log?.info('ready again');
      reported = failing.join();
    }
    return failing;
  }

  function recently(): Promise<string[]> {
    if (!latest || Date.now() - latest.at > keepMs) latest = { at: Date.now(), answer: ask() };
    return latest.answer;
  }

  if (metrics) showChecks(metrics, Object.keys(checks), recently);
  return {
    failing: async () => (stopped ? ['shutting down'] : (await recently()).filter((name) => name in required)),
    degraded: async () => (await recently()).filter((name) => name in tolerated),
    stop() {
      stopped = true;
    },
  };
}

function showChecks({ registry }: Metrics, names: string[], findFailing: () => Promise<string[]>): void {
  new Gauge({
    name: 'readiness_check_passes',
    help: 'What the process depends on: 1 while it answers, 0 while it does not.',
    labelNames: ['check'],
    registers: [registry],
    async collect() {
      const failing = await findFailing();
      for (const check of names) this.set({ check }, failing.includes(check) ? 0 : 1);
    },
  });
}

async function withTimeout(check: Check, milliseconds: number): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('timed out')), milliseconds);
  try {
    await Promise.race([check(), late]);
  } finally {
    clearTimeout(timer);
  }
}
