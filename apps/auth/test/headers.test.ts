import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { startAuth, webOrigin } from './support/auth.ts';
import { ask, type Answer } from './support/browser.ts';
import { openSession, refresh } from './support/sessions.ts';

const secure = await startAuth(t, {
  env: { AUTH_URL: 'https://auth.localhost', WEB_URL: 'https://app.localhost', REQUEST_LIMIT: '400/1m' },
});
const cacheable = /^\/(\.well-known\/|openapi\.json|reference|problems\/)/;

function check(t: Test, { headers, status }: Pick<Answer, 'headers' | 'status'>, name: string): void {
  t.match(
    headers,
    {
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': /^max-age=\d{8}/,
      'content-security-policy': /frame-ancestors 'none'/,
      'x-request-id': /^[\w.:-]+$/,
    },
    `${status} ${name}`,
  );
  if (!/^\w+ \/(reference|problems\/|dev\/)/.test(name))
    t.match(headers['content-security-policy'], /^default-src 'none'/, name);
  if (!cacheable.test(name.split(' ')[1] ?? '')) t.equal(headers['cache-control'], 'no-store', `${name} is not stored`);
  t.notOk(headers['server'] ?? headers['x-powered-by'], 'no banners');
}

t.test('headers: every route in every answer, good or bad', async (t) => {
  const { json } = await ask(`${secure.url}/openapi.json`);
  const { paths } = json as { paths: Record<string, Record<string, object>> };
  const { token } = await openSession(secure);
  const { accessToken } = (await refresh(secure.url, token)).json as { accessToken?: string };
  const bearers = [undefined, 'Bearer x.y.z', `Bearer ${accessToken ?? ''}`];
  let asked = 0;
  for (const [path, operations] of Object.entries(paths)) {
    for (const method of [...Object.keys(operations), 'trace']) {
      if (path.endsWith('/events')) continue; // answers as long as one listens
      for (const authorization of bearers) {
        const url = secure.url + path.replaceAll(/\{\w+\}/g, 'x');
        const headers = { ...(authorization ? { authorization } : {}), origin: 'https://app.localhost' };
        check(t, await ask(url, { method: method.toUpperCase(), headers }), `${method} ${path}`);
        asked++;
      }
    }
  }
  t.comment(`${asked} answers of ${Object.keys(paths).length} paths`);
});

t.test('headers: refusals that no route makes carry them too', async (t) => {
  const post = { method: 'POST', headers: { 'content-type': 'application/json', origin: webOrigin } };
  const big = `{"email":"${'x'.repeat(70_000)}"}`;
  const refused: [name: string, answer: Promise<Answer>, status: number][] = [
    ['get /nothing', ask(`${secure.url}/nothing`), 404],
    ['delete /auth/refresh', ask(`${secure.url}/auth/refresh`, { method: 'DELETE' }), 404],
    ['post /auth/send-magic-link', ask(`${secure.url}/auth/send-magic-link`, { ...post, body: big }), 413],
    ['post /auth/send-magic-link', ask(`${secure.url}/auth/send-magic-link`, { ...post, body: '{"email"' }), 400],
    [
      'post /auth/send-magic-link',
      ask(`${secure.url}/auth/send-magic-link`, {
        method: 'POST',
        body: 'a=b',
        headers: { 'content-type': 'text/plain' },
      }),
      415,
    ],
    ['get /%', ask(`${secure.url}/%`), 400],
  ];
  for (const [name, answer, status] of refused) {
    check(t, await answer, name);
    t.ok([status, 405].includes((await answer).status), `${name} ${(await answer).status}`);
  }
  const socket = createConnection({ port: Number(new URL(secure.url).port), host: '127.0.0.1' });
  socket.end('GET / HTTP/1.1\r\nHost: x\r\nBroken header\r\n\r\n');
  t.match(await text(socket), /^HTTP\/1\.1 400 .*x-content-type-options: nosniff/is, 'bytes that are no HTTP');
});

t.test('headers: over the limit too, with when to come back', async (t) => {
  let last = await ask(`${secure.url}/auth/me`);
  for (let request = 0; request < 500 && last.status !== 429; request++) last = await ask(`${secure.url}/auth/me`);
  t.equal(last.status, 429);
  check(t, last, 'get /auth/me');
  t.match(last.headers, { 'retry-after': /^\d+$/, 'ratelimit-limit': '400', 'ratelimit-remaining': '0' });
});
