import t from 'tap';
import { createLocalCounters } from '../src/limits/local-counters.ts';

const limit = { name: 'guesses', max: 10, windowSeconds: 1 };

void t.test('a window begins with its first hit and ends when it is over, not a moment sooner or later', async (t) => {
  let time = 5_000;
  const counters = createLocalCounters({ now: () => time });
  t.strictSame(await counters.read(limit, 'a'), { hits: 0, remainingMs: 1000 });
  time = 6_000;
  t.strictSame(counters.hit(limit, 'a'), { hits: 1, remainingMs: 1000 });
  time = 6_999;
  t.strictSame(counters.hit(limit, 'a'), { hits: 2, remainingMs: 1 });
  t.strictSame(await counters.read(limit, 'a'), { hits: 2, remainingMs: 1 });
  time = 7_000;
  t.strictSame(await counters.read(limit, 'a'), { hits: 0, remainingMs: 1000 });
  t.strictSame(counters.hit(limit, 'a'), { hits: 1, remainingMs: 1000 });
});

void t.test(
  'a full window grants again when it is over, and what it gives back then is nothing to the next',
  async (t) => {
    let time = 0;
    const counters = createLocalCounters({ now: () => time });
    const taken = [];
    for (let count = 0; count < 10; count++) taken.push(await counters.take(limit, 'a'));
    t.ok(taken.every(({ granted }) => granted));
    t.match(await counters.take(limit, 'a'), { granted: false, hits: 10, remainingMs: 1000 });
    await (await counters.take(limit, 'a')).giveBack();
    t.equal((await counters.read(limit, 'a')).hits, 10, 'what was refused has nothing to give back');
    for (let count = 0; count < 3; count++) await taken[1]?.giveBack();
    t.equal((await counters.read(limit, 'a')).hits, 9, 'and what was granted once is given back once');
    time = 1000;
    t.match(await counters.take(limit, 'a'), { granted: true, hits: 1 });
    await taken[0]?.giveBack();
    t.equal((await counters.read(limit, 'a')).hits, 1);
  },
);

void t.test('a flood of new keys pushes out no window that is well used, nor any of another limit', async (t) => {
  const maxKeys = 100;
  const counters = createLocalCounters({ maxKeys, now: () => 0 });
  const other = { ...limit, name: 'other' };
  counters.hit(other, 'victim');
  for (let count = 0; count < 5; count++) counters.hit(limit, 'half used');
  for (let count = 0; count < 4; count++) counters.hit(limit, 'barely used');
  for (let count = 0; count < 10_000; count++) counters.hit(limit, `flood-${count}`);
  t.equal((await counters.read(limit, 'half used')).hits, 5);
  t.equal((await counters.read(limit, 'barely used')).hits, 0, 'bounded: somebody has to go');
  t.equal((await counters.read(limit, 'flood-9999')).hits, 1, 'whoever is new is counted during a flood, too');
  t.equal((await counters.read(limit, 'flood-9900')).hits, 1);
  t.equal((await counters.read(limit, 'flood-9899')).hits, 0);
  t.equal((await counters.read(other, 'victim')).hits, 1);
});

void t.test('well used windows are bounded as well, the oldest going first', async (t) => {
  const counters = createLocalCounters({ maxKeys: 3, now: () => 0 });
  for (const key of ['a', 'b', 'c', 'd']) for (let count = 0; count < 5; count++) counters.hit(limit, key);
  t.strictSame(
    await Promise.all(['a', 'b', 'c', 'd'].map(async (key) => (await counters.read(limit, key)).hits)),
    [0, 5, 5, 5],
  );
});

void t.test('a flood of addresses takes neither memory beyond the bound nor noticeable time', async (t) => {
  const counters = createLocalCounters({ maxKeys: 10_000, now: () => 0 });
  const flood = (from: number) => {
    for (let index = from; index < from + 100_000; index++) counters.hit(limit, `2001:db8:${index.toString(16)}::/64`);
  };
  const started = performance.now();
  flood(0);
  const before = process.memoryUsage().heapUsed;
  flood(100_000);
  const grownBy = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  const microseconds = (performance.now() - started) / 1000;
  t.comment(`${grownBy.toFixed(1)} MiB more after the second half, ${microseconds.toFixed(2)} µs an address`);
  let known = 0;
  for (let index = 0; index < 200_000; index++) {
    known += (await counters.read(limit, `2001:db8:${index.toString(16)}::/64`)).hits;
  }
  t.equal(known, 10_000);
  t.ok(microseconds < 50, 'no address costs more for those that were there before');
});
