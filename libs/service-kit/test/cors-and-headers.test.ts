import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import t from 'tap';
import { openService, origin } from './support/service.ts';

const preflight = (from: string) => ({
  method: 'OPTIONS' as const,
  url: '/greetings',
  headers: { origin: from, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
});

void t.test('pages of exactly the listed origins may call with credentials', async (t) => {
  const { app } = await openService(t);
  const answer = await app.inject({ url: '/healthz', headers: { origin } });
  t.equal(answer.headers['access-control-allow-origin'], origin);
  t.equal(answer.headers['access-control-allow-credentials'], 'true');
  t.match(answer.headers['access-control-expose-headers'], /Location, Retry-After, X-Request-Id, RateLimit-Limit/);
  t.match(answer.headers.vary, 'Origin');

  for (const foreign of [
    'null',
    'https://app.example.com.evil.test',
    'https://evil.test',
    'http://app.example.com',
    'https://APP.example.com',
    'https://app.example.com:8443',
    'https://xapp.example.com',
    `${origin}/`,
    '*',
    '',
  ]) {
    for (const request of [{ url: '/healthz', headers: { origin: foreign } }, preflight(foreign)]) {
      const refused = await app.inject(request);
      t.notOk(refused.headers['access-control-allow-origin'], foreign);
      t.notOk(refused.headers['access-control-allow-credentials'], foreign);
      t.match(refused.headers.vary, 'Origin', 'caches keep the two apart');
    }
  }
});

void t.test('a preflight allows what clients send and is remembered', async (t) => {
  const { app } = await openService(t, { max: 1 });
  for (const _ of [1, 2, 3]) {
    const answer = await app.inject(preflight(origin));
    t.equal(answer.statusCode, 204, 'preflights use up no limit');
    const headers = String(answer.headers['access-control-allow-headers']).split(', ');
    for (const name of [
      'authorization',
      'content-type',
      'idempotency-key',
      'if-match',
      'last-event-id',
      'traceparent',
      'x-request-id',
      'x-guest-token',
    ]) {
      t.ok(headers.includes(name), name);
    }
    t.match(answer.headers['access-control-allow-methods'], 'DELETE');
    t.equal(answer.headers['access-control-max-age'], '7200');
  }
});

void t.test('errors carry CORS headers too, so that a page can read them', async (t) => {
  const { app } = await openService(t, { max: 1 });
  const statuses = [];
  for (const url of ['/nowhere', '/nowhere']) {
    const answer = await app.inject({ url, headers: { origin } });
    statuses.push(answer.statusCode);
    t.equal(answer.headers['access-control-allow-origin'], origin);
  }
  t.strictSame(statuses, [404, 429]);
});

void t.test('an expectation nobody can meet is refused like everything else, headers and all', async (t) => {
  const { app } = await openService(t);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const asked = request({ port, method: 'POST', path: '/greetings', headers: { expect: 'nonsense' } }).end('{}');
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  t.equal(answer.statusCode, 417);
  const { headers } = await app.inject('/healthz');
  for (const name of [
    'x-content-type-options',
    'strict-transport-security',
    'content-security-policy',
    'cache-control',
  ])
    t.equal(answer.headers[name], headers[name], name);
  t.equal(answer.headers['content-type'], 'application/problem+json');
  const requestId = answer.headers['x-request-id'];
  t.match(JSON.parse(await text(answer)), { type: 'about:blank', status: 417, code: 'malformed-request', requestId });
});

void t.test('every answer carries the security headers and no banner', async (t) => {
  const { app } = await openService(t);
  for (const url of ['/healthz', '/nowhere', '/openapi.json', '/reference', '/problems', '/%zz']) {
    const { headers } = await app.inject(url);
    t.equal(headers['x-content-type-options'], 'nosniff', url);
    t.notOk(headers.server ?? headers['x-powered-by'], url);
    if (url === '/%zz') continue;
    t.match(headers['strict-transport-security'], /max-age=\d{8}/, url);
    t.equal(headers['referrer-policy'], 'no-referrer', url);
    t.match(headers['content-security-policy'], "default-src 'none'", url);
    t.match(headers['content-security-policy'], "frame-ancestors 'none'", url);
  }
  t.equal((await app.inject('/healthz')).headers['cache-control'], 'no-store');
});
