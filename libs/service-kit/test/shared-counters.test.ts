import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { createCounters, createLimiter, createMetrics, type RedisConnection } from '../src/index.ts';
import { errorOf } from './support/error-of.ts';
import { openService } from './support/service.ts';

const redisUrl = process.env['ALVA_TEST_REDIS_URL'];
const needsRedis = { skip: redisUrl === undefined && 'no test Redis' };

async function openRedis(t: Test): Promise<Redis> {
  const redis = new Redis(redisUrl ?? '');
  t.teardown(() => redis.quit());
  await redis.ping();
  return redis;
}

/** Patient enough for a machine that has other things to do. */
const patienceMs = 10_000;

/** A limit that no other test counts in. */
const newLimit = (max: number, windowSeconds = 60) => ({ name: crypto.randomUUID(), max, windowSeconds });

void t.test('copies share a limit through Redis, exactly, also when all ask at once', needsRedis, async (t) => {
  const [one, two] = [
    createCounters({ redis: await openRedis(t), patienceMs }),
    createCounters({ redis: await openRedis(t), patienceMs }),
  ];
  const limit = newLimit(30);
  const taken = await Promise.all(
    Array.from({ length: 100 }, (_, index) => (index % 2 ? one : two).take(limit, 'key')),
  );
  t.equal(taken.filter(({ granted }) => granted).length, 30);
  t.equal((await one.read(limit, 'key')).hits, 30, 'what was refused was not counted');

  const [granted, refused] = [taken.filter((each) => each.granted), taken.filter((each) => !each.granted)];
  await Promise.all([...granted.slice(0, 10), ...refused].map((each) => each.giveBack()));
  await granted[0]?.giveBack();
  const again = await Promise.all(Array.from({ length: 30 }, () => two.take(limit, 'key')));
  t.equal(again.filter((each) => each.granted).length, 10, 'as many as were given back');
});

void t.test('a shared window ends, and what it gives back then is nothing to the next', needsRedis, async (t) => {
  const redis = await openRedis(t);
  const counters = createCounters({ redis, patienceMs });
  const limit = newLimit(1, 0.05);
  const first = await counters.take(limit, 'key');
  t.equal(first.granted, true);
  let next = await counters.take(limit, 'key');
  t.match(next, { granted: false, hits: 1 });
  t.ok(next.remainingMs <= 50);
  while (!next.granted) next = await counters.take(limit, 'key');
  await first.giveBack();
  t.equal((await counters.read(limit, 'key')).hits, 1);
});

void t.test('only a hash of the key is stored, and everything stored expires', needsRedis, async (t) => {
  const redis = await openRedis(t);
  const counters = createCounters({ redis, patienceMs });
  const limit = newLimit(3);
  const taken = await counters.take(limit, 'person@example.com');
  await taken.giveBack();
  await taken.giveBack();
  t.equal((await counters.read(limit, 'person@example.com')).hits, 0, 'never less than nothing');
  const stored = await redis.keys('alva:limit:*');
  t.not(stored.length, 0);
  t.notOk(stored.some((key) => key.includes('person') || key.includes(limit.name)));
  for (const key of stored) t.ok((await redis.pttl(key)) > 0);
});

void t.test('copies hear of what the others counted loosely', needsRedis, async (t) => {
  const [one, two] = [await openRedis(t), await openRedis(t)];
  const [here, there] = [createCounters({ redis: one, patienceMs }), createCounters({ redis: two, patienceMs })];
  const limit = newLimit(300);
  for (let hit = 0; hit < 5; hit++) here.hit(limit, 'key');
  // While this machine is slow the copies count for themselves, so what is waited for is that they agree again.
  let own = 0;
  let counted: number;
  do {
    own += 1;
    counted = there.hit(limit, 'key').hits;
    await here.read(limit, 'key');
  } while (counted <= own);
  t.ok(counted > own, 'each hears of the others');
});

/** A Redis in the hands of the test: answers with what `answer` says, and keeps count of what it was asked. */
function standIn(answer: () => Promise<unknown>): RedisConnection & { status: string; asked: number } {
  return {
    status: 'ready',
    asked: 0,
    eval() {
      this.asked += 1;
      return answer();
    },
  };
}

void t.test('36: limits hold in this process while Redis is away, slow or broken', async (t) => {
  const brokenOnes = {
    away: { ...standIn(() => Promise.reject(new Error('must not be asked'))), status: 'reconnecting' },
    silent: standIn(() => new Promise(() => undefined)),
    broken: standIn(() => Promise.reject(new Error('OOM command not allowed'))),
  };
  for (const [name, redis] of Object.entries(brokenOnes)) {
    const limiter = createLimiter({ counters: createCounters({ redis }), ...newLimit(30) });
    const started = performance.now();
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => limiter.take('key')));
    const milliseconds = performance.now() - started;
    t.comment(`${name}: 100 at once answered after ${milliseconds.toFixed(0)} ms`);
    t.equal(results.filter(({ status }) => status === 'fulfilled').length, 30, name);
    t.ok(milliseconds < 1_000, `${name}: answered soon`);
    t.match(await errorOf(limiter.check('key')), { problem: 'rate-limited' });
    t.equal(redis.asked, name === 'away' ? 0 : 100, `${name}: once it is known, nobody else waits for it`);
  }
});

void t.test('36: of a Redis that fails one request a second finds out whether it is back', async (t) => {
  let answer = () => Promise.reject(new Error('LOADING'));
  const redis = standIn(() => answer());
  const counters = createCounters({ redis });
  const limit = newLimit(1_000_000);
  await counters.take(limit, 'key');
  t.equal(redis.asked, 1);
  const started = performance.now();
  while (redis.asked < 3) await counters.take(limit, 'key');
  t.ok(performance.now() - started > 1_900, 'twice in two seconds');
  answer = async () => [7, 1000, 1] as never;
  while ((await counters.take(limit, 'key')).hits !== 7);
  t.match(await counters.take(limit, 'key'), { hits: 7 });
  t.equal(redis.asked, 5, 'and then everybody asks it again');
});

void t.test('36: that limits are no longer shared is measured, and so is that they are again', async (t) => {
  let answer: () => Promise<unknown> = async () => [1, 60_000, 1];
  const redis = standIn(() => answer());
  const counters = createCounters({ redis });
  const metrics = createMetrics({ name: 'greeter' });
  await openService(t, { counters, metrics });
  const shown = async () => /^rate_limits_unshared\S* (\d)$/m.exec(await metrics.registry.metrics())?.[1];
  const limit = newLimit(30);
  await counters.take(limit, 'key');
  t.equal(await shown(), '0');
  answer = () => Promise.reject(new Error('gone'));
  await counters.take(limit, 'key');
  t.equal(await shown(), '1');
  answer = async () => [1, 60_000, 1];
  while ((await shown()) !== '0') await counters.take(limit, 'key');
  redis.status = 'reconnecting';
  t.equal(await shown(), '1', 'also before anybody asked in vain');
});

void t.test('without Redis there is nothing to share, so nothing is amiss', async (t) => {
  const metrics = createMetrics({ name: 'greeter' });
  await openService(t, { metrics });
  t.match(await metrics.registry.metrics(), 'rate_limits_unshared{service="greeter"} 0');
});

void t.test('36: what Redis had counted is not forgotten when it fails', async (t) => {
  let answer: () => Promise<unknown> = async () => [29, 60_000, 1];
  const counters = createCounters({ redis: standIn(() => answer()) });
  const limiter = createLimiter({ counters, ...newLimit(30) });
  await limiter.take('key');
  answer = () => Promise.reject(new Error('gone'));
  t.match((await limiter.take('key')).headers, { 'ratelimit-remaining': '0' });
  t.match(await errorOf(limiter.take('key')), { problem: 'rate-limited' });
});
