import { newIdentifier } from '@alva/database';
import { type Introspection } from '@alva/validation';
import { hashSecret, newSecret } from '../../src/secrets/secret.ts';
import { type Auth } from './auth.ts';
import { ask, type Answer } from './browser.ts';

export interface TestClient {
  readonly id: string;
  readonly secret: string;
}

/** A client as `npm run clients -- add` makes it. */
export async function addClient({ database: { sql } }: Auth): Promise<TestClient> {
  const [id, secret] = [newIdentifier(), newSecret()];
  await sql`insert into auth.clients (id, secret_hash, name) values (${id}, ${hashSecret(secret)}, 'test')`;
  return { id, secret };
}

export function basic({ id, secret }: TestClient) {
  const credentials = [id, secret].map((half) => new URLSearchParams({ half }).toString().slice('half='.length));
  return { authorization: `Basic ${Buffer.from(credentials.join(':')).toString('base64')}` };
}

type Form = Record<string, string> | string;

export function postForm(url: string, form: Form, headers: Record<string, string | string[]> = {}): Promise<Answer> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  return ask(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
}

export async function introspect(auth: Auth, client: TestClient, token: string): Promise<Introspection> {
  const { status, text, json } = await postForm(`${auth.url}/auth/introspect`, { token }, basic(client));
  if (status !== 200) throw new Error(`Not told about the token: ${status} ${text}`);
  return json as Introspection;
}

export function revoke(auth: Auth, client: TestClient, token: string): Promise<Answer> {
  return postForm(`${auth.url}/auth/revoke`, { token }, basic(client));
}
