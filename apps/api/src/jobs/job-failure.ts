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

/** What nobody foresaw is told to the person in general terms, and to the log in full. */
export function asFailure(error: unknown): JobFailure {
  if (error instanceof JobFailure) return error;
  const detail = 'Something went wrong on our side.';
  return new JobFailure({ code: 'internal-error', detail, retry: {}, cause: error });
}

export function tookTooLong(seconds: number): JobFailure {
  const time = seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
  return new JobFailure({ code: 'took-too-long', detail: `This was not done within ${time}.`, retry: {} });
}

export function tookTooMuch(): JobFailure {
  const detail = 'This needed more of your budget than was set aside for it.';
  return new JobFailure({ code: 'took-too-much', detail, retry: 'never' });
}
