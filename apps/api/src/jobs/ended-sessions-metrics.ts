import type { Metrics } from '@alva/service-kit';
import { Counter, Gauge } from 'prom-client';

/** Is told how each look at the sessions that ended went. */
export interface EndedSessionsObserver {
  succeeded(): void;
  failed(): void;
}

/** Shows how old it is what a worker knows of ended sessions; until its first look, how long it has run without one. */
export function createEndedSessionsObserver({ registry }: Metrics): EndedSessionsObserver {
  const registers = [registry];
  let since = performance.now();
  new Gauge({
    name: 'ended_sessions_age_seconds',
    help: 'Time since it was last made sure that no job here belongs to a session that ended for cause.',
    registers,
    collect() {
      this.set((performance.now() - since) / 1000);
    },
  });
  const failures = new Counter({
    name: 'ended_sessions_failures_total',
    help: 'Times that could not be made sure, because auth or the database did not answer as it should.',
    registers,
  });
  return {
    succeeded() {
      since = performance.now();
    },
    failed: () => failures.inc(),
  };
}
