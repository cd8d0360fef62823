import {
  type ApproveSignInBody,
  type EmailChangeProgress,
  type PasskeyAssertion,
  type PasskeyOptions,
  readServiceProblem,
  type LoginBody,
  type ProviderList,
  type RegisterBody,
  type ResetPasswordBody,
  type SendMagicLinkAnswer,
  type SendMagicLinkBody,
  type SignInAnswer,
  type SignInAttempt,
  type TokenAnswer,
  type VerifyEmailBody,
  type VerifyMagicLinkBody,
  type VerifySecondFactorBody,
} from '@alva/validation';

/** Longer than auth takes when it is well, and short enough for someone who waits. */
const timeoutMilliseconds = 10_000;

/**
 * The endpoints of auth that make, renew and end a session. The refresh token is a cookie that scripts never see.
 * All reject with `ServiceProblem`, or with what `fetch` rejects with when there is no answer.
 */
export function createAuthService(authUrl: string, fetch: typeof globalThis.fetch) {
  const post = (path: string, body?: unknown) => send('POST', path, body);

  async function send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(authUrl + path, {
      method,
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
    logoutEverywhere: () => post('/auth/logout-all'),
    confirmEmail: (token: string) => post('/auth/email-change/confirm', { token }) as Promise<EmailChangeProgress>,
    restoreEmail: (token: string) => post('/auth/email-change/undo', { token }),
    keepAccount: (token: string) => post('/auth/keep-account', { token }),
    sendMagicLink: (body: SendMagicLinkBody) => post('/auth/send-magic-link', body) as Promise<SendMagicLinkAnswer>,
    register: (body: RegisterBody) => post('/auth/register', body) as Promise<SendMagicLinkAnswer>,
    login: (body: LoginBody) => enter('/auth/login', body),
    forgotPassword: (email: string) => post('/auth/password/forgot', { email }),
    resetPassword: (body: ResetPasswordBody) => post('/auth/password/reset', body),
    verifyEmail: (body: VerifyEmailBody) => enter('/auth/verify-email', body),
    verifyMagicLink: (body: VerifyMagicLinkBody) => enter('/auth/verify-magic-link', body),
    listProviders: async () => ((await send('GET', '/auth/oauth/providers')) as ProviderList).items,
    lookAtAttempt: (id: string) => send('GET', `/auth/sign-in-attempts/${id}`) as Promise<SignInAttempt>,
    approveAttempt: (id: string, body: ApproveSignInBody) => post(`/auth/sign-in-attempts/${id}/approve`, body),
    verifySecondFactor: (body: VerifySecondFactorBody) => enter('/auth/mfa/verify', body),
    passkeySignInOptions: () => post('/auth/passkeys/sign-in-options') as Promise<PasskeyOptions>,
    signInWithPasskey: (credential: PasskeyAssertion) => enter('/auth/passkeys/sign-in', { credential }),
    completeAttempt: (id: string) => enter(`/auth/sign-in-attempts/${id}/complete`),
  };

  async function enter(path: string, body?: unknown): Promise<SignInAnswer> {
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
