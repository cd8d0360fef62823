import t from 'tap';
import { createCounters, createLimiter, createMetrics, limitFailures, ProblemError } from '../src/index.ts';
import { errorOf } from './support/error-of.ts';
import { openService } from './support/service.ts';

const limitHeaders = { 'ratelimit-limit': /^\d+$/, 'ratelimit-remaining': /^\d+$/, 'ratelimit-reset': /^[1-9]\d*$/ };

void t.test('one request too many is 429 with Retry-After and RateLimit headers', async (t) => {
  const { app } = await openService(t, { max: 2 });
  const first = await app.inject('/address');
  t.match(first.headers, { 'ratelimit-limit': '2', 'ratelimit-remaining': '1', 'ratelimit-reset': '60' });
  const second = await app.inject('/address');
  t.match([second.statusCode, second.headers['ratelimit-remaining']], [200, '0'], 'as many as the limit says');
  const refused = await app.inject('/address');
  t.match([refused.statusCode, refused.json()], [429, { code: 'rate-limited' }]);
  t.match(refused.headers, { ...limitHeaders, 'retry-after': '60', 'ratelimit-remaining': '0' });
  t.equal((await app.inject('/healthz')).statusCode, 200, 'health is never limited');
  t.equal((await app.inject('/readyz')).statusCode, 200);
});

void t.test('13: what is refused before it reaches a handler is limited all the same', async (t) => {
  const { app } = await openService(t, {
    max: 2,
    routes(app) {
      void app.register(async (guarded) => {
        guarded.addHook('onRequest', async () => {
          throw new ProblemError('invalid-token');
        });
        guarded.get('/guarded', () => 'secret');
      });
    },
  });
  const cases = [
    ['a bad token', { url: '/guarded' }, 401],
    ['an address that leads nowhere', { url: '/nowhere' }, 404],
    ['a body nobody reads', { method: 'POST', url: '/nowhere', headers: { 'content-type': 'text/plain' } }, 404],
    ['the wrong method', { method: 'DELETE', url: '/address' }, 404],
    ['a body of the wrong kind', { method: 'POST', url: '/pings', headers: { 'content-type': 'text/plain' } }, 415],
    ['an invalid body', { method: 'POST', url: '/greetings', payload: {} }, 422],
    ['an explained problem', { url: '/problems/not-found' }, 200],
    ['the description', { url: '/openapi.json' }, 200],
  ] as const;
  for (const [index, [name, request, status]] of cases.entries()) {
    const send = async () =>
      (
        await app.inject({
          ...request,
          remoteAddress: `192.0.2.${index}`,
          ...('headers' in request ? { payload: 'x' } : {}),
        })
      ).statusCode;
    t.strictSame([await send(), await send(), await send()], [status, status, 429], name);
  }
});

void t.test('a limiter grants as many as it says, and what was given back once more', async (t) => {
  const counters = createCounters();
  const links = createLimiter({ counters, name: 'send-link', max: 2, windowSeconds: 600 });
  const { headers } = await links.take('a@example.com');
  t.match(headers, { 'ratelimit-limit': '2', 'ratelimit-remaining': '1', 'ratelimit-reset': '600' });
  const second = await links.take('a@example.com');
  t.match(second.headers, { 'ratelimit-remaining': '0' });
  t.match(await errorOf(links.take('a@example.com')), {
    problem: 'rate-limited',
    headers: { 'retry-after': '600', 'ratelimit-limit': '2', 'ratelimit-remaining': '0', 'ratelimit-reset': '600' },
  });
  await second.giveBack();
  await t.resolves(links.check('a@example.com'));
  await t.resolves(links.take('a@example.com'), 'what was refused had not been counted');
  t.match(await errorOf(links.check('a@example.com')), { problem: 'rate-limited' });
  await t.resolves(links.take('b@example.com'));
  const another = createLimiter({ counters, name: 'login', max: 2, windowSeconds: 600 });
  await t.resolves(another.take('a@example.com'), 'another limit');
});

void t.test('of a hundred at once a limiter grants exactly as many as it says', async (t) => {
  const limiter = createLimiter({ counters: createCounters(), name: 'send-link', max: 30, windowSeconds: 300 });
  const results = await Promise.allSettled(Array.from({ length: 100 }, () => limiter.take('address')));
  t.equal(results.filter(({ status }) => status === 'fulfilled').length, 30);
});

void t.test(
  'where only failures count, successes are without limit and of a burst no more fail than allowed',
  async (t) => {
    const failures = createLimiter({ counters: createCounters(), name: 'renewals', max: 5, windowSeconds: 300 });
    const { app } = await openService(t, {
      max: 1,
      routes(app) {
        app.post('/renew', limitFailures(failures), async (request) => {
          const { 'x-outcome': outcome } = request.headers;
          // Later than every check: all of a burst are under way before the first fails.
          await new Promise((resolve) => setImmediate(resolve));
          if (outcome === 'refused') throw new ProblemError('refresh-token-invalid');
          if (outcome === 'outage') throw new ProblemError('service-unavailable');
          return { ok: true };
        });
      },
    });
    const post = async (outcome: string, more = {}) =>
      app.inject({ method: 'POST', url: '/renew', headers: { 'x-outcome': outcome }, ...more });
    for (let count = 0; count < 10; count++) t.equal((await post('fine')).statusCode, 200);
    for (let count = 0; count < 10; count++) t.equal((await post('outage')).statusCode, 503, 'not their failure');

    const burst = await Promise.all(Array.from({ length: 50 }, () => post('refused')));
    t.equal(burst.filter(({ statusCode }) => statusCode === 401).length, 5);
    t.equal(burst.filter(({ statusCode }) => statusCode === 429).length, 45);
    const refused = await post('fine');
    t.match([refused.statusCode, refused.headers], [429, { ...limitHeaders, 'retry-after': /^\d+$/ }]);
    t.equal((await post('fine', { remoteAddress: '192.0.2.1' })).statusCode, 200, 'others are not refused');

    const broken = { headers: { 'content-type': 'text/plain' }, payload: 'x', remoteAddress: '192.0.2.2' };
    const statuses = [];
    for (let count = 0; count < 6; count++) statuses.push((await post('fine', broken)).statusCode);
    t.strictSame(statuses, [415, 415, 415, 415, 415, 429], 'refusals before the handler are failures too');
  },
);

void t.test('a limit that nobody reached yet has its series, so that the first time is an increase', async (t) => {
  const metrics = createMetrics({ name: 'greeter' });
  metrics.expectLimits(['send-link']);
  await openService(t, { metrics });
  const shown = await metrics.registry.metrics();
  t.match(shown, 'rate_limited_total{limit="send-link",service="greeter"} 0');
  t.match(shown, 'rate_limited_total{limit="requests",service="greeter"} 0');
});

void t.test('log and metric of a 429 name the limit and the network; nobody else is told or named', async (t) => {
  const metrics = createMetrics({ name: 'greeter' });
  const links = createLimiter({ counters: createCounters(), name: 'send-link', max: 1, windowSeconds: 600 });
  const { app, lines } = await openService(t, {
    max: 2,
    metrics,
    level: 'info',
    routes: (app) => app.post('/links', async () => links.take('a@example.com')),
  });
  const remoteAddress = '2001:db8:1:2:3:4:5:6';
  await app.inject({ method: 'POST', url: '/links', remoteAddress });
  for (let count = 0; count < 2; count++) {
    const refused = await app.inject({ method: 'POST', url: '/links', remoteAddress });
    t.equal(refused.statusCode, 429);
    t.notMatch(refused.body, /send-link|"requests"/);
  }
  const [fine, ...refused] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  t.notHas(fine, { address: String });
  const address = '2001:db8:1:2::/64';
  t.match(refused, [
    { status: 429, limit: 'send-link', address },
    { status: 429, limit: 'requests', address },
  ]);
  const shown = await metrics.registry.metrics();
  t.match(shown, 'rate_limited_total{limit="send-link",service="greeter"} 1');
  t.match(shown, 'rate_limited_total{limit="requests",service="greeter"} 1');
});
