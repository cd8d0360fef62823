import type { Metrics } from '@alva/service-kit';
import { terminalJobStates } from '@alva/shared-types';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Usage } from './job-definition.ts';
import type { JobsStore } from './jobs.store.ts';
import type { StopReason } from './run-stopped.ts';

type JobOutcome = (typeof terminalJobStates)[number];
type RunOutcome = 'succeeded' | 'failed' | StopReason;
const afterFailure = ['tried-again', 'job-failed'] as const;
type AfterFailure = (typeof afterFailure)[number];

/** Is told of every job that is over; by the process that ended it, which for a cancelled one may be the api. */
export interface JobEndObserver {
  ended(type: string, outcome: JobOutcome, seconds: number): void;
}

/** Is told when a run begins, and answers with whom to tell how it ended. */
export interface JobRunObserver {
  started(type: string): (outcome: RunOutcome, usage: Usage | undefined) => void;
  /** Is told of every run that came to nothing, and what follows from it. */
  failed(code: string, then: AfterFailure): void;
}

export type JobObserver = JobRunObserver & JobEndObserver;

export const observeNothing: JobObserver = {
  started: () => () => undefined,
  failed: () => undefined,
  ended: () => undefined,
};

/** Counted by name, each from 0 on. Any other counts as `other`, so that nothing from outside ever becomes a label. */
const failureCodes = [
  'provider-busy',
  'provider-failed',
  'provider-unreachable',
  'provider-timeout',
  'provider-quota',
  'provider-refused',
  'provider-moved',
  'provider-rejected',
  'model-unknown',
  'answer-broken-off',
  'answer-garbled',
  'answer-empty',
  'answer-unusable',
  'answer-too-long',
  'answer-filtered',
  'question-too-long',
  'document-damaged',
  'document-encrypted',
  'document-too-complex',
  'document-too-long',
  'document-without-text',
  'plan-deleted',
  'not-found',
  'took-too-long',
  'took-too-much',
  'interrupted',
  'internal-error',
  'other',
];

const buckets = [0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640];

export function createJobEndObserver({ registry }: Metrics, types: readonly string[]): JobEndObserver {
  const duration = new Histogram({
    name: 'job_duration_seconds',
    help: 'Time from asking for a job to its end, waiting included, by type and outcome.',
    labelNames: ['type', 'outcome'] as const,
    buckets,
    registers: [registry],
  });
  for (const type of types) for (const outcome of terminalJobStates) duration.zero({ type, outcome });
  return { ended: (type, outcome, seconds) => duration.observe({ type, outcome }, seconds) };
}

export function createJobRunObserver({ registry }: Metrics, types: readonly string[]): JobRunObserver {
  const registers = [registry];
  const running = new Gauge({ name: 'job_runs_in_progress', help: 'Runs that are being worked on here.', registers });
  const duration = new Histogram({
    name: 'job_run_duration_seconds',
    help: 'Time of a run by type of job and how it ended.',
    labelNames: ['type', 'outcome'] as const,
    buckets,
    registers,
  });
  const tokens = new Counter({
    name: 'llm_tokens_total',
    help: 'Tokens sent to and got from models, by type of job.',
    labelNames: ['type', 'direction'] as const,
    registers,
  });
  const cost = new Counter({
    name: 'llm_cost_dollars_total',
    help: 'What models cost, by the price table and by type of job.',
    labelNames: ['type'] as const,
    registers,
  });
  for (const type of types) {
    for (const direction of ['in', 'out']) tokens.inc({ type, direction }, 0);
    cost.inc({ type }, 0);
  }
  const failures = new Counter({
    name: 'job_failures_total',
    help: 'Runs that came to nothing, by the code of the failure and what followed.',
    labelNames: ['code', 'then'] as const,
    registers,
  });
  for (const code of failureCodes) for (const then of afterFailure) failures.inc({ code, then }, 0);

  return {
    started(type) {
      const done = duration.startTimer({ type });
      running.inc();
      return (outcome, usage) => {
        running.dec();
        done({ outcome });
        tokens.inc({ type, direction: 'in' }, usage?.inputTokens ?? 0);
        tokens.inc({ type, direction: 'out' }, usage?.outputTokens ?? 0);
        cost.inc({ type }, usage?.cost ?? 0);
      };
    },
    failed: (code, then) => failures.inc({ code: failureCodes.includes(code) ? code : 'other', then }),
  };
}

/** How much there is to do, by the rows, whether or not the queue knows of it. NaN while Postgres does not answer. */
export function observeBacklog({ registry }: Metrics, { backlog }: Pick<JobsStore, 'backlog'>): void {
  const registers = [registry];
  const age = new Gauge({
    name: 'job_queue_age_seconds',
    help: 'For how long a job could have been begun that nobody works on, at most.',
    registers,
  });
  new Gauge({
    name: 'jobs_unfinished',
    help: 'Jobs that wait and that run, of all workers together.',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      const { queued, running, oldest } = await backlog().catch(() => ({ queued: NaN, running: NaN, oldest: NaN }));
      this.set({ state: 'queued' }, queued);
      this.set({ state: 'running' }, running);
      age.set(oldest);
    },
  });
}
