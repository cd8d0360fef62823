import { hashSecret, newSecret } from '../../src/secrets/secret.ts';
import { newAddress, webOrigin, type Auth } from './auth.ts';
import { ask, openBrowser, type Answer, type Browser } from './browser.ts';

const requester = { address: '127.0.0.1', userAgent: null, requestId: 'test', country: null };

export interface OpenSession {
  readonly sessionId: string;
  readonly userId: string;
  /** The raw refresh token that begins the chain. */
  readonly token: string;
}

/** A session as a sign-in would have left it, without the mail. */
export async function openSession({ resources, config }: Auth, email = newAddress()): Promise<OpenSession> {
  const token = newSecret();
  return resources.stores.atomically(async ({ users, sessions }) => {
    const { person } = await users.prove(email, requester);
    const started = await sessions.start(
      {
        userId: person.id,
        amr: ['email'],
        device: 'an unknown device',
        tokenHash: hashSecret(token),
        challengeHash: hashSecret(newSecret()),
        challengeLifetime: 600,
        redirectTo: null,
        idleLifetime: config.REFRESH_TOKEN_TTL,
        maximumAge: config.SESSION_MAX_AGE,
      },
      requester,
    );
    if (!started) throw new Error('The person owes a second factor');
    return { sessionId: started.sessionId, userId: person.id, token };
  });
}

export function browserWith(url: string, token: string): Browser {
  return openBrowser(url, [['refresh_token', token]]);
}

export function refresh(url: string, token: string): Promise<Answer> {
  return present(url, '/auth/refresh', token);
}

export function signOut(url: string, token: string): Promise<Answer> {
  return present(url, '/auth/logout', token);
}

function present(url: string, path: string, token: string): Promise<Answer> {
  return ask(url + path, { method: 'POST', headers: { origin: webOrigin, cookie: `refresh_token=${token}` } });
}

/** The raw refresh token that an answer set; empty when it cleared it, undefined when it left it alone. */
export function tokenIn({ setCookies }: Answer): string | undefined {
  return setCookies.map((line) => /^refresh_token=([^;]*)/.exec(line)?.[1]).find((value) => value !== undefined);
}

/** The token that must be there. */
export function successorIn(answer: Answer): string {
  const token = tokenIn(answer);
  if (!token) throw new Error(`No refresh token was set: ${answer.status} ${answer.text}`);
  return token;
}

export function codeOf({ json }: Answer): string | undefined {
  return (json as { code?: string } | undefined)?.code;
}
