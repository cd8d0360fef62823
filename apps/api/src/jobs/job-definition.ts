import type { Database } from '@alva/database';
import type { NewJobEvent } from '@alva/validation';
import type { z } from 'zod';

export type Transaction = Parameters<Parameters<Database['db']['transaction']>[0]>[0];

/** Which job, and which run of it. */
export interface RunIdentity {
  readonly jobId: string;
  readonly userId: string;
  readonly attempt: number;
}

/** Names of things and their identifiers, such as `{ planId }`. */
export type Identifiers = Extract<NewJobEvent, { event: 'result' }>['data'];

/**
 * A kind of work, as the service that accepts it and the worker that does it both know it. The rows that show its outcome
 * are written in the very transaction that ends the job, so that neither is ever there without the other.
 */
export interface JobDefinition<Payload, Result> {
  /** The capability and what is done, such as `plan.generate`. */
  readonly type: string;
  readonly payload: z.ZodType<Payload>;
  /** What a run has to come up with: anything else is not stored. */
  readonly result: z.ZodType<Result>;
  readonly limits: JobLimits<Payload>;
  /** Stores the result and says what watchers are told of it. */
  succeeded(transaction: Transaction, run: RunIdentity, result: Result): Promise<Identifiers>;
  failed(transaction: Transaction, jobId: string): Promise<void>;
  cancelled(transaction: Transaction, jobId: string): Promise<void>;
}

export interface JobLimits<Payload> {
  /** Tokens that such a job may need, set aside from its owner's budget for the day. */
  tokens(payload: Payload): number;
  /** A run that takes longer is stopped and counts as a failure. */
  readonly seconds: number;
  /** With so many failed runs the job has failed. */
  readonly failures: number;
  /** So many runs of this kind in one worker process, where each takes much of the machine. Others wait in line meanwhile. */
  readonly atOnce?: number;
}

/** What a processor is given of the job it works on. */
export interface JobRun<Payload> extends RunIdentity {
  readonly payload: Payload;
  /** Aborted when nobody wants the result any more, another worker has taken over, or the run's time is up. */
  readonly signal: AbortSignal;
  /** Tells watchers. Returns at once: events are written in batches behind the processor's back. */
  readonly emit: (event: ProgressEvent) => void;
  /** Says what this run has cost so far, altogether: it is charged however the run ends. Returns at once. */
  readonly spent: (usage: Usage) => void;
  /** The same before it is spent. Resolves once it is written: calling the job off at that moment does not make it free. */
  readonly aboutToSpend: (usage: Usage) => Promise<void>;
}

export type ProgressEvent = Extract<NewJobEvent, { event: 'step' | 'delta' }>;

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In US dollars. */
  readonly cost: number;
}

export interface JobYield<Result> {
  readonly result: Result;
  /** What the run has cost altogether. */
  readonly usage: Usage;
}

/** A kind of work together with the one who can do it; known to workers only. */
export interface JobWork<Payload, Result> extends JobDefinition<Payload, Result> {
  process(run: JobRun<Payload>): Promise<JobYield<Result>>;
}
