import type { Database } from '@alva/database';
import type { JobType } from '@alva/shared-types';
import type { NewJobEvent } from '@alva/validation';
import type { z } from 'zod';

export type Transaction = Parameters<Parameters<Database['db']['transaction']>[0]>[0];

/** Which job, and which run of it. */
export interface RunIdentity {
  readonly jobId: string;
  readonly userId: string;
  readonly attempt: number;
}

type ResultData = Extract<NewJobEvent, { event: 'result' }>['data'];

/**
 * A kind of work, as the service that accepts it and the worker that does it both know it. The rows that show its outcome
 * are written in the very transaction that ends the job, so that neither is ever there without the other.
 */
export interface JobDefinition<Payload, Result> {
  readonly type: JobType;
  readonly payload: z.ZodType<Payload>;
  /** Stores the result and says what watchers are told of it. */
  succeeded(transaction: Transaction, run: RunIdentity, result: Result): Promise<ResultData>;
  failed(transaction: Transaction, jobId: string): Promise<void>;
  cancelled(transaction: Transaction, jobId: string): Promise<void>;
}

/** What a processor is given of the job it works on. */
export interface JobRun<Payload> extends RunIdentity {
  readonly payload: Payload;
  /** Aborted when nobody wants the result any more or another worker has taken over. */
  readonly signal: AbortSignal;
  /** Tells watchers. Returns at once: events are written in batches behind the processor's back. */
  readonly emit: (event: ProgressEvent) => void;
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
  readonly usage: Usage;
}

/** A kind of work together with the one who can do it; known to workers only. */
export interface JobWork<Payload, Result> extends JobDefinition<Payload, Result> {
  process(run: JobRun<Payload>): Promise<JobYield<Result>>;
}

/** Why a run came to nothing, in words for the person who asked for the work. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure';
  readonly code: string;
  readonly detail: string;
  /** `never`: trying again cannot help. Otherwise milliseconds to wait, if the other side named them. */
  readonly retry: 'never' | { readonly after?: number | undefined };
  /** What the run cost all the same. */
  readonly usage: Usage | undefined;

  constructor({
    code,
    detail,
    retry,
    usage,
    cause,
  }: Pick<JobFailure, 'code' | 'detail' | 'retry' | 'cause'> & { usage?: Usage | undefined }) {
    super(`${code}: ${detail}`, { cause });
    this.code = code;
    this.detail = detail;
    this.retry = retry;
    this.usage = usage;
  }
}
