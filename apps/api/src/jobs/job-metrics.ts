import type { Metrics } from '@alva/service-kit';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Usage } from './job-definition.ts';

type Outcome = 'succeeded' | 'failed' | 'cancelled' | 'superseded' | 'shutdown';

/** Is told when a run begins, and answers with whom to tell how it ended. */
export interface JobObserver {
  started(type: string): (outcome: Outcome, usage: Usage | undefined) => void;
}

export const observeNothing: JobObserver = { started: () => () => undefined };

export function createJobObserver({ registry }: Metrics): JobObserver {
  const registers = [registry];
  const running = new Gauge({ name: 'job_runs_in_progress', help: 'Runs that are being worked on here.', registers });
  const duration = new Histogram({
    name: 'job_run_duration_seconds',
    help: 'Time of a run by type of job and how it ended.',
    labelNames: ['type', 'outcome'] as const,
    buckets: [0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320],
    registers,
  });
  const tokens = new Counter({
    name: 'llm_tokens_total',
    help: 'Tokens sent to and got from models.',
    labelNames: ['direction'] as const,
    registers,
  });
  for (const direction of ['in', 'out']) tokens.inc({ direction }, 0);
  const cost = new Counter({
    name: 'llm_cost_dollars_total',
    help: 'What models cost, by the price table.',
    registers,
  });

  return {
    started(type) {
      const done = duration.startTimer({ type });
      running.inc();
      return (outcome, usage) => {
        running.dec();
        done({ outcome });
        tokens.inc({ direction: 'in' }, usage?.inputTokens ?? 0);
        tokens.inc({ direction: 'out' }, usage?.outputTokens ?? 0);
        cost.inc(usage?.cost ?? 0);
      };
    },
  };
}
