import { Redis } from 'ioredis';
import t from 'tap';
import { clientAddress, createCounters, createLimiter, rateLimit, type RedisConnection } from '../src/index.ts';
import { createLocalCounters } from '../src/limits/local-counters.ts';
import { errorOf } from './support/error-of.ts';
import { openService } from './support/service.ts';

const redisUrl = process.env['ALVA_TEST_REDIS_URL'];

void t.test('one request too many is 429 with Retry-After and RateLimit headers', async (t) => {
  const { app } = await openService(t, { max: 2 });
  const first = await app.inject('/address');
  t.match(first.headers, { 'ratelimit-limit': '2', 'ratelimit-remaining': '1', 'ratelimit-reset': /^\d+$/ });
  await app.inject('/address');
  const refused = await app.inject('/address');
  t.match([refused.statusCode, refused.json()], [429, { code: 'rate-limited' }]);
  t.match(refused.headers, { 'retry-after': /^[1-9]\d*$/, 'ratelimit-remaining': '0' });
  t.equal((await app.inject('/nowhere')).statusCode, 429, 'guessing addresses is no way around');
  t.equal((await app.inject('/healthz')).statusCode, 200, 'health is never limited');
  t.equal((await app.inject('/readyz')).statusCode, 200);
});

void t.test('addresses count for themselves, those of one /64 as one, and forged ones not at all', async (t) => {
  const { app } = await openService(t, { max: 1 });
  const status = async (remoteAddress: string, headers = {}) =>
    (await app.inject({ url: '/address', remoteAddress, headers })).statusCode;
  t.equal(await status('203.0.113.1'), 200);
  t.equal(await status('203.0.113.2'), 200);
  t.equal(await status('203.0.113.1', { 'x-forwarded-for': '198.51.100.7' }), 429);
  t.equal(await status('::ffff:203.0.113.1'), 429, 'IPv4 in IPv6 clothes');
  t.equal(await status('2001:db8:1:1::1'), 200);
  t.equal(await status('2001:db8:1:1:ffff::2'), 429);
  t.equal(await status('2001:db8:1:2::1'), 200);
  t.equal(clientAddress({ ip: '2001:db8:1:1:ffff::2' }), clientAddress({ ip: '2001:db8:1:1::1' }));
});

void t.test('a route may have a limit of its own, counted apart', async (t) => {
  const { app } = await openService(t, {
    max: 100,
    routes(app) {
      app.post('/tight', { config: rateLimit({ max: 1, windowSeconds: 60 }) }, () => 'ok');
      app.post(
        '/keyed',
        { config: rateLimit({ max: 1, windowSeconds: 60, key: (r) => String(r.headers['x-who']) }) },
        () => 'ok',
      );
    },
  });
  const post = async (url: string, headers = {}) => (await app.inject({ method: 'POST', url, headers })).statusCode;
  t.strictSame([await post('/tight'), await post('/tight'), await post('/pings')], [200, 429, 200]);
  t.strictSame(
    [
      await post('/keyed', { 'x-who': 'a' }),
      await post('/keyed', { 'x-who': 'b' }),
      await post('/keyed', { 'x-who': 'a' }),
    ],
    [200, 200, 429],
  );
});

void t.test('a limiter counts anything with a name; only failures where only failures count', async (t) => {
  const counters = createCounters();
  const links = createLimiter({ counters, name: 'send-link', max: 2, windowSeconds: 600 });
  await links.take('a@example.com');
  await links.take('a@example.com');
  t.match(await errorOf(links.take('a@example.com')), {
    problem: 'rate-limited',
    headers: { 'retry-after': '600', 'ratelimit-limit': '2' },
  });
  await t.resolves(links.take('b@example.com'));
  await t.resolves(
    createLimiter({ counters, name: 'login', max: 2, windowSeconds: 600 }).take('a@example.com'),
    'another name',
  );

  const refresh = createLimiter({ counters, name: 'refresh', max: 1, windowSeconds: 300 });
  for (const _ of [1, 2, 3]) await t.resolves(refresh.check('address'));
  await refresh.count('address');
  t.match(await errorOf(refresh.check('address')), { problem: 'rate-limited' });
});

void t.test('a window ends, and memory is bounded', async (t) => {
  let time = 0;
  const counters = createLocalCounters({ maxKeys: 2, now: () => time });
  await counters.hit('a', 1000);
  time = 999;
  t.strictSame(await counters.hit('a', 1000), { hits: 2, remainingMs: 1 });
  time = 1000;
  t.strictSame(await counters.read('a'), { hits: 0, remainingMs: 0 });
  t.strictSame(await counters.hit('a', 1000), { hits: 1, remainingMs: 1000 });
  await counters.hit('b', 1000);
  await counters.hit('c', 1000);
  t.strictSame(await counters.read('a'), { hits: 0, remainingMs: 0 }, 'the oldest is forgotten');
  t.equal((await counters.read('c')).hits, 1);
});

void t.test(
  'copies share their limits through Redis',
  { skip: redisUrl === undefined && 'no test Redis' },
  async (t) => {
    const open = () => {
      const redis = new Redis(redisUrl ?? '');
      t.teardown(() => redis.quit());
      return redis;
    };
    const [one, two] = [open(), open()];
    await Promise.all([one.ping(), two.ping()]);
    const key = crypto.randomUUID();
    const limiter = (redis: Redis) =>
      createLimiter({ counters: createCounters({ redis }), name: 'shared', max: 2, windowSeconds: 60 });
    await limiter(one).take(key);
    await limiter(two).take(key);
    t.match(await errorOf(limiter(one).take(key)), { problem: 'rate-limited' });
    t.match(await errorOf(limiter(two).check(key)), { problem: 'rate-limited' });
    t.notOk(
      (await one.keys('alva:limit:*')).some((stored) => stored.includes(key)),
      'only a hash of the key is stored',
    );
    for (const stored of await one.keys('alva:limit:*')) t.ok((await one.pttl(stored)) > 0, 'every key expires');

    const [here, there] = [createCounters({ redis: one }), createCounters({ redis: two })];
    const wide = crypto.randomUUID();
    for (let hit = 0; hit < 5; hit++) here.hitLoosely(wide, 60_000);
    // While this machine is slow the copies count for themselves, so what is waited for is that they agree again.
    let own = 0;
    let counted: number;
    do {
      own += 1;
      counted = there.hitLoosely(wide, 60_000).hits;
      await here.read(wide);
    } while (counted <= own);
    t.ok(counted > own, 'each hears of the others');
  },
);

void t.test('limits hold in this process while Redis is away, slow or broken', async (t) => {
  const brokenOnes: [string, RedisConnection][] = [
    ['away', { status: 'reconnecting', eval: () => Promise.reject(new Error('must not be asked')) }],
    ['silent', { status: 'ready', eval: () => new Promise(() => undefined) }],
    ['broken', { status: 'ready', eval: () => Promise.reject(new Error('OOM')) }],
  ];
  for (const [name, redis] of brokenOnes) {
    const limiter = createLimiter({ counters: createCounters({ redis }), name, max: 2, windowSeconds: 60 });
    const started = Date.now();
    await limiter.take('a');
    await limiter.take('a');
    t.match(await errorOf(limiter.take('a')), { problem: 'rate-limited' }, name);
    t.ok(Date.now() - started < 1_000, `${name}: answered soon`);
  }
});
