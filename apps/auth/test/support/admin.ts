import { newAddress, type Auth } from './auth.ts';
import { ask, type Answer } from './browser.ts';
import { signIn, type SignedIn } from './sign-in.ts';

export interface Bearer extends SignedIn {
  readonly id: string;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<Answer>;
}

/** Somebody who is signed in and asks with their access token. */
export async function openBearer(auth: Auth, email = newAddress()): Promise<Bearer> {
  const signedIn = await signIn(auth, email);
  const authorization = `Bearer ${signedIn.tokens.accessToken}`;
  const send = (method: string, path: string, body?: unknown, headers = {}) =>
    ask(auth.url + path, { method, body, headers: { authorization, ...headers } });
  return { ...signedIn, id: signedIn.tokens.user.id, send, get: (path) => send('GET', path) };
}

/** An administrator, by a word in the database instead of the configuration. */
export async function openAdmin(auth: Auth, email = newAddress()): Promise<Bearer> {
  const bearer = await openBearer(auth, email);
  await auth.database.sql`update auth.users set roles = '{user,admin}' where id = ${bearer.id}`;
  return bearer;
}
