import { type ProblemCode } from '@alva/shared-types';
import { AuthorizationResponseError, ResponseBodyError } from 'openid-client';
import { ProviderDown } from './provider-fetch.ts';

export interface ProviderFailure {
  readonly problem: ProblemCode;
  /** For the log: what went wrong in a few words. Causes are left out, they hold codes, tokens and claims. */
  readonly reason: string;
  /** True when it is for the operator to mend. */
  readonly isOurs: boolean;
}

/** `user_cancelled_authorize` is Apple's. */
const cancellations = new Set(['access_denied', 'user_cancelled_authorize', 'login_required', 'consent_required']);

/** What the person and the log are told of an error of a provider, or of what it said. */
export function explainProviderFailure(error: unknown): ProviderFailure {
  const down = findCause(error);
  if (down) return { problem: 'provider-unavailable', reason: down.message, isOurs: false };
  if (error instanceof AuthorizationResponseError) {
    const reason = `answered the error ${oneWord(error.error)}`;
    if (cancellations.has(error.error)) return { problem: 'provider-cancelled', reason, isOurs: false };
    const isDown = error.error === 'server_error' || error.error === 'temporarily_unavailable';
    return { problem: isDown ? 'provider-unavailable' : 'provider-refused', reason, isOurs: !isDown };
  }
  if (error instanceof ResponseBodyError) {
    const reason = `refused the code with ${oneWord(error.error)}`;
    return { problem: 'provider-refused', reason, isOurs: error.error !== 'invalid_grant' };
  }
  const reason = error instanceof Error ? `${error.message}${detailOf(error)}` : 'unknown';
  return { problem: 'provider-refused', reason, isOurs: false };
}

function findCause(error: unknown): ProviderDown | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof ProviderDown) return cause;
  return undefined;
}

/** The library keeps the telling half of its messages in the first cause. */
function detailOf({ cause }: Error): string {
  return cause instanceof Error ? `: ${cause.message}` : '';
}

/** Anyone can write anything into `error`. */
function oneWord(text: string): string {
  return /^[\w.-]{1,60}$/.test(text) ? text : '(unprintable)';
}
