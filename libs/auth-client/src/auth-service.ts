import {
  readServiceProblem,
  type SendMagicLinkAnswer,
  type SendMagicLinkBody,
  type SignInAnswer,
  type TokenAnswer,
  type VerifyMagicLinkBody,
} from '@alva/validation';

/** Longer than auth takes when it is well, and short enough for someone who waits. */
const timeoutMilliseconds = 10_000;

/**
 * The endpoints of auth that make, renew and end a session. The refresh token is a cookie that scripts never see.
 * All reject with `ServiceProblem`, or with what `fetch` rejects with when there is no answer.
 */
export function createAuthService(authUrl: string, fetch: typeof globalThis.fetch) {
  async function post(path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(authUrl + path, {
      method: 'POST',
      credentials: 'include',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMilliseconds),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw await readServiceProblem(response);
    return response.status === 204 ? undefined : response.json();
  }

  return {
    refresh: async (): Promise<TokenAnswer> => readTokens(await post('/auth/refresh')),
    logout: () => post('/auth/logout'),
    sendMagicLink: (body: SendMagicLinkBody) => post('/auth/send-magic-link', body) as Promise<SendMagicLinkAnswer>,
    verifyMagicLink: (body: VerifyMagicLinkBody) => enter('/auth/verify-magic-link', body),
  };

  async function enter(path: string, body: unknown): Promise<SignInAnswer> {
    return readTokens(await post(path, body)) as SignInAnswer;
  }
}
export type AuthService = ReturnType<typeof createAuthService>;

/** Looks only at what this library needs: a page that was opened last week still understands a newer auth. */
export function isTokenAnswer(value: unknown): value is TokenAnswer {
  if (!isObject(value) || !isObject(value.user)) return false;
  return typeof value.accessToken === 'string' && typeof value.user.id === 'string';
}

function readTokens(answer: unknown): TokenAnswer {
  if (!isTokenAnswer(answer)) throw new Error('auth answered without tokens');
  return answer;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
