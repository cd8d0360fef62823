import type { TokenUsage } from './assistant.ts';

/** `never`: asking again cannot help. Otherwise milliseconds to wait, if the provider named them. */
export type Retry = 'never' | { readonly after?: number | undefined };

/** Why there is no answer, in words for the person who waits for it. Carries neither keys nor anybody's texts. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code: string;
  readonly detail: string;
  readonly retry: Retry;
  /** What it cost all the same. */
  readonly usage: TokenUsage | undefined;

  constructor(
    code: string,
    detail: string,
    retry: Retry,
    { cause, usage }: ErrorOptions & { usage?: TokenUsage } = {},
  ) {
    super(`${code}: ${detail}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
    this.retry = retry;
    this.usage = usage;
  }

  at(usage: TokenUsage): ModelError {
    return new ModelError(this.code, this.detail, this.retry, { cause: this.cause, usage });
  }
}
