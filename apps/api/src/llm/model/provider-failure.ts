import { APICallError } from 'ai';
import { PlannerError } from '../planner.ts';

/** What the provider's failure means for the person who waits. */
export function toPlannerError(error: unknown): PlannerError {
  if (error instanceof PlannerError) return error;
  if (!APICallError.isInstance(error)) {
    return new PlannerError('provider-unreachable', 'The connection to the language model broke off.', {}, error);
  }
  const { statusCode: status, responseHeaders = {}, responseBody = '' } = error;
  const after = retryAfter(responseHeaders);
  if (status === 429 && responseBody.includes('insufficient_quota')) {
    return new PlannerError(
      'provider-quota',
      'The credit with the language model’s provider is used up.',
      'never',
      error,
    );
  }
  if (status === 429) return new PlannerError('provider-busy', 'The language model is busy.', { after }, error);
  if (status === 401 || status === 403) {
    return new PlannerError(
      'provider-refused',
      'The language model’s provider did not accept our key.',
      'never',
      error,
    );
  }
  if (status === undefined) {
    return new PlannerError('provider-unreachable', 'The language model could not be reached.', {}, error);
  }
  if (status >= 500 || status === 408 || status === 409) {
    return new PlannerError('provider-failed', 'The language model’s provider has a problem.', { after }, error);
  }
  return new PlannerError(
    'provider-rejected',
    'The language model’s provider did not accept the request.',
    'never',
    error,
  );
}

/** Milliseconds, from the header in either of its forms or from the finer one that some providers send. */
function retryAfter(headers: Record<string, string>): number | undefined {
  const fine = Number(headers['retry-after-ms'] ?? NaN);
  if (fine >= 0) return fine;
  const given = headers['retry-after'];
  if (given === undefined) return undefined;
  const milliseconds = /^\d+(\.\d+)?$/.test(given) ? Number(given) * 1000 : Date.parse(given) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
}
