import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Person } from '@alva/validation';
import type { Test } from 'tap';

export function createPerson(name: string): Person {
  const digits = Buffer.from(name).toString('hex').padEnd(12, '0').slice(0, 12);
  return {
    id: `0199aaaa-0000-7000-8000-${digits}`,
    email: `${name}@example.com`,
    name,
    emailVerified: true,
    roles: ['user'],
    createdAt: '2027-01-15T08:00:00.000Z',
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

async function listen(t: Test, handler: Handler): Promise<string> {
  const server = createServer((request, response) => void handler(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Always true: the request is answered. */
export function problem(response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
  response.end(JSON.stringify({ type: 'about:blank', title: code, status, code, requestId: 'r-1' }));
  return true;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text);
}

/**
 * An auth service with one chain of refresh tokens at a time, numbered; rotation rules 1, 2 and 4 of the real one.
 * `before` may take over a request by answering it and returning true.
 */
export async function openAuth(t: Test) {
  const auth = {
    url: '',
    paths: [] as string[],
    person: createPerson('anna') as Person | undefined,
    current: 1,
    /** The token of the link that let the waiting browser in. */
    approvedBy: undefined as string | undefined,
    /** Access tokens that the api takes. */
    valid: new Set<string>(),
    before: (_response: ServerResponse): boolean => false,
    count: (path: string) => auth.paths.filter((each) => each === path).length,
    cookie: () => `refresh_token=${auth.current}`,
  };

  function answerTokens(response: ServerResponse, user: Person, extra = {}) {
    const accessToken = `${user.name ?? ''}-${auth.current}-${auth.paths.length}`;
    auth.valid.add(accessToken);
    response.setHeader('set-cookie', `refresh_token=${auth.current}; HttpOnly; Path=/auth`);
    response.end(JSON.stringify({ accessToken, tokenType: 'Bearer', expiresIn: 900, user, ...extra }));
    return true;
  }

  function refresh(request: IncomingMessage, response: ServerResponse) {
    const presented = Number(/refresh_token=(\d+)/.exec(request.headers.cookie ?? '')?.[1]);
    if (!auth.person || Number.isNaN(presented)) return problem(response, 401, 'refresh-token-missing');
    if (presented === auth.current) auth.current += 1;
    else if (presented !== auth.current - 1) {
      auth.person = undefined;
      return problem(response, 401, 'refresh-token-reused');
    }
    return answerTokens(response, auth.person);
  }

  auth.url = await listen(t, async (request, response) => {
    const path = request.url ?? '';
    auth.paths.push(path);
    if (auth.before(response)) return true;
    if (path === '/auth/refresh') return refresh(request, response);
    if (path === '/auth/logout' || path === '/auth/logout-all') {
      auth.person = undefined;
      auth.valid.clear();
      return response.writeHead(204, { 'set-cookie': 'refresh_token=; Max-Age=0; Path=/auth' }).end();
    }
    if (path === '/auth/send-magic-link') {
      return response.writeHead(202).end(JSON.stringify({ attemptId: 'a', expiresIn: 900, resendAfter: 30 }));
    }
    if (path === '/auth/sign-in-attempts/a') {
      const state = auth.approvedBy === undefined ? 'pending' : 'approved';
      return response.end(JSON.stringify({ state, number: '42', expiresIn: 900 }));
    }
    if (path === '/auth/sign-in-attempts/a/complete') {
      if (auth.approvedBy === undefined) return problem(response, 409, 'attempt-pending');
      auth.person = createPerson(auth.approvedBy);
      auth.current += 10;
      return answerTokens(response, auth.person, { redirectTo: '/plans' });
    }
    const body = (await readJson(request)) as { token?: string; confirm?: string; number?: string };
    if (path === '/auth/sign-in-attempts/a/approve') {
      if (body.number !== '42') return problem(response, 401, 'number-invalid');
      auth.approvedBy = body.token;
      return response.writeHead(204).end();
    }
    if (body.token === 'foreign' && body.confirm === undefined) return problem(response, 409, 'different-browser');
    auth.person = createPerson(body.token ?? 'code');
    auth.current += 10;
    return answerTokens(response, auth.person, { redirectTo: '/plans' });
  });
  return auth;
}
export type Auth = Awaited<ReturnType<typeof openAuth>>;

/** An api that says who asks, and takes only tokens that are still valid. */
export async function openApi(t: Test, auth: Auth) {
  const api = { url: '', requests: [] as { token: string | undefined; body: string }[] };
  api.url = await listen(t, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const token = request.headers.authorization?.slice('Bearer '.length);
    api.requests.push({ token, body });
    if (token === undefined) return problem(response, 401, 'authentication-required');
    if (!auth.valid.has(token)) return problem(response, 401, 'invalid-token');
    return response.end(token.split('-')[0]);
  });
  return api;
}
