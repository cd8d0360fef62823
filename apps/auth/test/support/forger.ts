import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, SignJWT, type JWTPayload } from 'jose';
import { type Test } from 'tap';

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void | Promise<void>;

/** An HTTP server on a free port whose paths answer as told; every other path is 404. */
export async function startServer(t: Test, handlers: Record<string, Handler>): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://here');
    const handler = handlers[pathname];
    if (!handler) response.writeHead(404).end();
    else void text(request).then((body) => handler(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export interface Forgery {
  readonly claims: JWTPayload;
  readonly header?: { alg: string; kid?: string; [name: string]: unknown };
  readonly key?: KeyObject | Uint8Array;
  /** In place of signing. */
  readonly raw?: () => string | Promise<string>;
}

export interface Forger {
  readonly url: string;
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
  /** What its token endpoint hands out next, whatever code it is asked with. */
  next: Forgery;
  /** Forms that its token endpoint got. */
  readonly exchanges: URLSearchParams[];
  /** How often each path was asked for. */
  readonly asked: Map<string, number>;
}

/** An issuer that hands out whatever ID token the test wants. Nobody signs in there: the test brings the answer itself. */
export async function startForger(t: Test, metadata: Record<string, unknown> = {}): Promise<Forger> {
  const { privateKey: key, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', use: 'sig' };
  const exchanges: URLSearchParams[] = [];
  const asked = new Map<string, number>();
  const forger = { url: '', key, publicKey, exchanges, asked, next: { claims: {} } as Forgery };
  const counted = (path: string, handler: Handler): [string, Handler] => [
    path,
    (request, response, body) => {
      asked.set(path, (asked.get(path) ?? 0) + 1);
      return handler(request, response, body);
    },
  ];

  async function sign({ claims, header = { alg: 'RS256', kid: 'one' }, key: signing = key, raw }: Forgery) {
    return raw ? raw() : new SignJWT(claims).setProtectedHeader(header).sign(signing);
  }

  forger.url = await startServer(
    t,
    Object.fromEntries([
      counted('/.well-known/openid-configuration', (_request, response) =>
        sendJson(response, {
          issuer: forger.url,
          authorization_endpoint: `${forger.url}/authorize`,
          token_endpoint: `${forger.url}/token`,
          jwks_uri: `${forger.url}/jwks`,
          id_token_signing_alg_values_supported: ['RS256', 'none', 'HS256'],
          ...metadata,
        }),
      ),
      counted('/jwks', (_request, response) => sendJson(response, { keys: [jwk] })),
      counted('/token', async (_request, response, body) => {
        exchanges.push(new URLSearchParams(body));
        const idToken = await sign(forger.next);
        sendJson(response, { access_token: 'x', token_type: 'bearer', expires_in: 60, id_token: idToken });
      }),
    ]),
  );
  return forger;
}

/** What an honest issuer would say about somebody. */
export function honestClaims(forger: Forger, at: URL, email: string): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return {
    ...{ iss: forger.url, sub: `subject of ${email}`, aud: 'alva', iat: now, exp: now + 300 },
    ...{ nonce: at.searchParams.get('nonce'), email, email_verified: true },
  };
}
