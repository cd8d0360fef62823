import type { Usage } from './job-definition.ts';

export interface JobFailureOptions extends Pick<JobFailure, 'code' | 'detail' | 'retry'> {
  readonly usage?: Usage | undefined;
  readonly cause?: unknown;
}

/** Why a run came to nothing, in words for the person who asked for the work. */
export class JobFailure extends Error {
  override readonly name = 'JobFailure';
  readonly code: string;
  readonly detail: string;
  /** `never`: trying again cannot help. Otherwise milliseconds to wait, if the other side named them. */
  readonly retry: 'never' | { readonly after?: number | undefined };
  /** What the run cost all the same, altogether; without it, what the run last said it had spent. */
  readonly usage: Usage | undefined;

  constructor({ code, detail, retry, usage, cause }: JobFailureOptions) {
    super(`${code}: ${detail}`, { cause });
    this.code = code;
    this.detail = detail;
    this.retry = retry;
    this.usage = usage;
  }
}
