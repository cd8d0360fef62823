import { ServiceProblem } from '@alva/api-client';
import { SessionUnavailable } from '@alva/auth-client';

/** What to tell a person about an error, and what helps support find it. */
export interface Told {
  title: string;
  detail: string;
  requestId: string | undefined;
}

export function problemCode(error: unknown): string | undefined {
  return error instanceof ServiceProblem ? error.code : undefined;
}

/** What is wrong with one field of a form, as a sentence; undefined when it was not refused for that. */
export function fieldProblem(error: unknown, pointer: string): string | undefined {
  if (!(error instanceof ServiceProblem)) return undefined;
  const detail = error.errors?.find((each) => each.pointer === pointer)?.detail;
  return detail === undefined ? undefined : `It ${detail}${/[.!?]$/.test(detail) ? '' : '.'}`;
}

export function tell(error: unknown): Told {
  if (error instanceof SessionUnavailable) {
    return {
      title: 'We cannot reach sign-in right now',
      detail: 'You have not been signed out. Try again in a moment.',
      requestId: undefined,
    };
  }
  if (!(error instanceof ServiceProblem)) {
    return {
      title: 'We could not reach the server',
      detail: 'Check your connection and try again. Nothing you wrote is lost.',
      requestId: undefined,
    };
  }
  const { requestId } = error;
  if (error.status === 503) {
    return { title: 'A part of Alva is down', detail: 'It is not you. Try again in a moment.', requestId };
  }
  if (error.status === 429)
    return { title: 'That was a little too often', detail: waitText(error.retryAfter), requestId };
  if (error.status >= 500) {
    return {
      title: 'Something went wrong on our side',
      detail: 'It has been noted. Try again in a moment.',
      requestId,
    };
  }
  return { title: error.message, detail: error.detail ?? '', requestId };
}

function waitText(seconds: number | undefined): string {
  if (seconds === undefined) return 'Wait a few minutes, then try again.';
  const minutes = Math.ceil(seconds / 60);
  return seconds < 60
    ? `Try again in ${seconds} seconds.`
    : `Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`;
}

/** A refusal stays a refusal however often one asks; a lost connection or a part that is down may come back. */
export function isWorthRetrying(error: unknown): boolean {
  return !(error instanceof ServiceProblem) || error.status >= 500;
}
