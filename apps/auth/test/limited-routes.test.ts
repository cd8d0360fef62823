import { randomBytes } from 'node:crypto';
import { request as send } from 'node:http';
import t from 'tap';
import { newAddress, startAuth, webOrigin, type Auth } from './support/auth.ts';
import { ask } from './support/browser.ts';
import { addClient, basic, postForm } from './support/clients.ts';
import { openSession, refresh } from './support/sessions.ts';

const auth = await startAuth(t, { env: { TRUST_PROXY: '1', REQUEST_LIMIT: '1/1m' } });

/** Spellings that a router, a proxy or a reader of logs might take for the path. */
function spellingsOf(path: string): string[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const encoded = `%${(name.codePointAt(0) ?? 0).toString(16)}${name.slice(1)}`;
  return [
    ...[
      `/${path}`,
      `${path}/`,
      `${path}//`,
      path.replaceAll('/', '//'),
      `/.${path}`,
      `/x/..${path}`,
      `${path}/.`,
      `${path}/x/..`,
    ],
    ...[path.toUpperCase(), path.replace(name, name.toUpperCase()), path.replace(name, encoded)],
    ...[
      `/${path.slice(1).replaceAll('/', '%2f')}`,
      `/${path.slice(1).replaceAll('/', '%2F')}`,
      `${path}%2f`,
      `${path}%2F..`,
    ],
    ...[path.replaceAll('/', '\\'), `/%5c${path.slice(1)}`, `${path}%00`, `${path}%20`, `${path}%0a`, `${path}.json`],
    ...[
      `${path};`,
      `${path};jsessionid=1`,
      `${path};/x`,
      `${path}?`,
      `${path}?x=1&x[]=2`,
      `${path}?%`,
      `${path}?%00=//`,
    ],
    ...[`${path}#x`, `http://evil.example${path}`, `//evil.example${path}`, `${path}/${'x'.repeat(200)}`],
  ];
}

interface Raw {
  readonly method: string;
  readonly path: string;
  readonly address: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** With the path as it is: whoever attacks has no library that tidies it. */
function raw({ url }: Auth, { method, path, address, headers = {}, body }: Raw): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const { hostname, port } = new URL(url);
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const json = payload === undefined ? {} : { 'content-type': 'application/json' };
  const outgoing = send(
    { hostname, port, path, method, headers: { 'x-forwarded-for': address, ...json, ...headers } },
    (answer) => {
      resolve(answer.statusCode ?? 0);
      // Some answers never end.
      answer.destroy();
    },
  );
  outgoing.on('error', reject);
  outgoing.end(payload);
  return promise;
}

/** An address nobody has asked from. */
function newNetwork(): string {
  return `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`;
}

async function routesOf({ url }: Auth): Promise<{ method: string; path: string }[]> {
  const { json } = await ask(`${url}/openapi.json`, { headers: { 'x-forwarded-for': newNetwork() } });
  const { paths } = json as { paths: Record<string, object> };
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, 'x') })),
  );
  const hidden = ['/openapi.json', '/reference', '/problems', '/dev/inbox', '/nothing/here'];
  return [...described, ...hidden.map((path) => ({ method: 'GET', path }))];
}

/** Only their failures are limited. */
const forFailures = ['/auth/refresh', '/auth/introspect', '/auth/revoke'];
const exempt = new Set(['/healthz', '/readyz', ...forFailures]);

t.test('13: every route, and every spelling of it, draws on the one limit of its address', async (t) => {
  const routes = (await routesOf(auth)).filter(({ path }) => !exempt.has(path));
  t.ok(routes.length > 10);
  for (const { method, path } of routes) {
    const address = newNetwork();
    t.not(await raw(auth, { method, path, address }), 429, `${method} ${path}`);
    t.equal(await raw(auth, { method, path, address }), 429);
    for (const spelling of spellingsOf(path)) {
      const status = await raw(auth, { method, path: spelling, address });
      // What is no path at all is refused before anything looks at it.
      t.ok(
        status === 429 || ((status === 400 || status === 404) && spelling !== path),
        `${method} ${spelling}: ${status}`,
      );
    }
  }
});

t.test('13: no spelling gets around the limit on mails', async (t) => {
  const strict = await startAuth(t, {
    database: auth.database,
    env: { TRUST_PROXY: '1', LINK_LIMIT_PER_ADDRESS: '1/5m' },
  });
  const path = '/auth/send-magic-link';
  const address = newNetwork();
  const post = (spelling: string) =>
    raw(strict, { method: 'POST', path: spelling, address, body: { email: newAddress() } });
  t.equal(await post(path), 202);
  for (const spelling of spellingsOf(path)) t.ok([400, 404, 429].includes(await post(spelling)), spelling);
});

t.test('13: no spelling gets around the limits on failures', async (t) => {
  const env = { TRUST_PROXY: '1', REFRESH_FAILURE_LIMIT: '1/5m', CLIENT_FAILURE_LIMIT: '1/5m' };
  const strict = await startAuth(t, { database: auth.database, env });
  const headers = { origin: webOrigin, cookie: `refresh_token=${'A'.repeat(43)}` };
  for (const path of forFailures) {
    const address = newNetwork();
    const post = (spelling: string) => raw(strict, { method: 'POST', path: spelling, address, headers });
    t.equal(await post(path), 401);
    t.equal(await post(path), 429);
    for (const spelling of spellingsOf(path)) t.ok([400, 404, 429].includes(await post(spelling)), spelling);
  }
});

t.test(
  '28: whoever uses up the requests of an address keeps neither keys nor revocations from verifiers there',
  async (t) => {
    const address = newNetwork();
    const roomy = await startAuth(t, { database: auth.database, env: { TRUST_PROXY: '1', REQUEST_LIMIT: '5/1m' } });
    for (let count = 0; count < 6; count++) await raw(roomy, { method: 'GET', path: '/auth/me', address });
    const published = ['jwks.json', 'openid-configuration', 'oauth-authorization-server'].map(
      (n) => `/.well-known/${n}`,
    );
    for (const path of [...published, '/auth/revocations', '/auth/revocations/events'])
      t.equal(await raw(roomy, { method: 'GET', path, address }), 200, path);
    t.equal(await raw(roomy, { method: 'GET', path: '/.well-known/jwks.json', address }), 429, 'five are five');
  },
);

t.test('13: health is never limited', async (t) => {
  const address = newNetwork();
  for (const path of ['/healthz', '/readyz'])
    for (let count = 0; count < 3; count++) t.equal(await raw(auth, { method: 'GET', path, address }), 200);
});

t.test('12: what pages elsewhere make a browser send uses up no limit of the people behind its address', async (t) => {
  const env = { REFRESH_FAILURE_LIMIT: '3/5m', CLIENT_FAILURE_LIMIT: '3/5m', REQUEST_LIMIT: '3/1m' };
  const strict = await startAuth(t, { database: auth.database, env });
  const [{ token }, client] = [await openSession(strict), await addClient(strict)];
  const elsewhere = [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
  ];
  for (const path of forFailures)
    for (const headers of elsewhere)
      for (let count = 0; count < 5; count++)
        t.match(await postForm(strict.url + path, { token: 'x' }, { ...headers, ...basic(client) }), {
          status: 403,
          json: { code: 'origin-not-allowed' },
        });
  t.equal((await refresh(strict.url, token)).status, 200);
  for (const path of ['/auth/introspect', '/auth/revoke'])
    t.equal((await postForm(strict.url + path, { token: 'x' })).status, 401, 'nothing was counted yet');
});

t.test('refusals of a failed renewal: exactly as many as allowed, then 429, and the cookie stays', async (t) => {
  const strict = await startAuth(t, { database: auth.database, env: { REFRESH_FAILURE_LIMIT: '150/5m' } });
  const answers = await Promise.all(Array.from({ length: 300 }, () => refresh(strict.url, 'A'.repeat(43))));
  const [failed, refused] = [
    answers.filter(({ status }) => status === 401),
    answers.filter(({ status }) => status === 429),
  ];
  t.strictSame([failed.length, refused.length], [150, 150]);
  t.ok(failed.every(({ setCookies }) => setCookies.length === 1));
  t.ok(refused.every(({ setCookies }) => setCookies.length === 0));
  t.match(refused[0]?.headers, { 'retry-after': /^(29\d|300)$/, 'ratelimit-limit': '150', 'ratelimit-remaining': '0' });
});
