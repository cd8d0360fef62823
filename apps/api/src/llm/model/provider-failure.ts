import { APICallError } from 'ai';
import { ModelError, type Retry } from '../model-error.ts';
import { retryAfter } from './retry-after.ts';

/** What a provider's failure means for the person who waits. The provider's own words stay behind: they may quote ours. */
export function toModelError(error: unknown): ModelError {
  if (error instanceof ModelError) return error;
  const { status, headers, codes } = readFailure(error);
  const ours = status === undefined ? findModelError(error) : undefined;
  if (ours) return ours;
  const cause = new Error(describe(error));
  const failed = (code: string, detail: string, retry: Retry) => new ModelError(code, detail, retry, { cause });
  const is = (pattern: RegExp) => codes.some((code) => pattern.test(code));
  const again = { after: headers && retryAfter(headers) };

  if (status === 402 || is(/insufficient_quota|billing|insufficient_balance|credit/))
    return failed('provider-quota', 'The credit with the language model’s provider is used up.', 'never');
  if (status === 429 || is(/rate_limit/)) return failed('provider-busy', 'The language model is busy.', again);
  if (status === 401 || status === 403 || is(/invalid_api_key/))
    return failed('provider-refused', 'The language model’s provider did not accept our key.', 'never');
  if (status === 404 || is(/model_not_found/))
    return failed(
      'model-unknown',
      'The language model that is configured here is not known at its provider’s address.',
      'never',
    );
  if (is(/content_(filter|policy)/)) return filtered(cause);
  if (status === 413 || is(/context_length|string_above_max_length|request_too_large/))
    return failed('question-too-long', 'This is more text than the language model can take in.', 'never');
  if (status !== undefined && status >= 300 && status < 400)
    return failed('provider-moved', 'The language model’s address leads somewhere else.', 'never');
  if (status !== undefined && status >= 400 && status < 500 && ![408, 409, 425].includes(status))
    return failed('provider-rejected', 'The language model’s provider did not accept the request.', 'never');
  if (status !== undefined && status >= 400)
    return failed('provider-failed', 'The language model’s provider has a problem.', again);
  if (isGarbled(error)) return failed('answer-garbled', 'The language model’s provider answered with gibberish.', {});
  if (codes.length > 0) return failed('provider-failed', 'The language model’s provider has a problem.', {});
  if (APICallError.isInstance(error) && status === undefined)
    return failed('provider-unreachable', 'The language model could not be reached.', {});
  return brokenOff(error);
}

/** It had begun to answer. */
export function brokenOff(error?: unknown): ModelError {
  const cause = error === undefined ? undefined : new Error(describe(error));
  return new ModelError('answer-broken-off', 'The language model’s answer broke off.', {}, { cause });
}

export function filtered(cause?: unknown): ModelError {
  return new ModelError(
    'answer-filtered',
    'The model’s provider stopped the answer because of its content rules. Try saying it in other words.',
    'never',
    { cause },
  );
}

interface Failure {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** What the provider calls it, in its short words for machines. */
  readonly codes: readonly string[];
}

function readFailure(error: unknown): Failure {
  if (!APICallError.isInstance(error)) {
    // An error that came inside the stream. Some gateways put the status into it.
    const codes = error instanceof Error && 'data' in error ? codesIn(error.data) : [];
    return { status: codes.map(Number).find((code) => code >= 400 && code < 600), headers: undefined, codes };
  }
  // A stream that breaks off has the status of its beginning, which was fine.
  const status = error.statusCode === 200 ? undefined : error.statusCode;
  return {
    status,
    headers: error.responseHeaders,
    codes: status === undefined ? [] : codesIn(parse(error.responseBody)),
  };
}

/** From `{error: {code, type, param}}`, or from what is in it. */
function codesIn(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return [];
  const inner: unknown = 'error' in body ? body.error : body;
  if (typeof inner !== 'object' || inner === null) return [];
  const { code, type, param } = inner as Record<string, unknown>;
  const words = [code, type, param].filter((word) => typeof word === 'string' || typeof word === 'number');
  return words.map(String).filter((word) => /^[\w.[\]-]{1,80}$/.test(word));
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

function isGarbled(error: unknown): boolean {
  return error instanceof Error && /JSONParse|TypeValidation/.test(error.name);
}

function findModelError(error: unknown): ModelError | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++)
    if (cause instanceof ModelError) return cause;
  return undefined;
}

/** For the log: what happened, without the address, the key or a word of what was asked and answered. */
function describe(error: unknown): string {
  const { status, headers, codes } = readFailure(error);
  const request = headers?.['x-request-id'];
  const words = [
    error instanceof Error ? error.name : 'error in the stream',
    status === undefined ? undefined : `status ${status}`,
    ...codes,
    ...systemCodes(error),
    request !== undefined && /^[\w.-]{1,80}$/.test(request) ? `request ${request}` : undefined,
  ];
  return words.filter((word) => word !== undefined).join(', ');
}

function systemCodes(error: unknown): string[] {
  const found: string[] = [];
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++)
    if ('code' in cause && typeof cause.code === 'string' && /^[A-Z_]{3,40}$/.test(cause.code)) found.push(cause.code);
  return found;
}
