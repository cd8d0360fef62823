import { ProblemError } from '@alva/service-kit';
import t from 'tap';
import { createHashQueue } from '../../src/passwords/hash-queue.ts';

const overloaded = 'More passwords are being checked than can be at a time. Try again shortly, or sign in by mail.';

function work() {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { do: () => promise, finish: resolve };
}

t.test('so many at a time, in the order they came', async (t) => {
  const queue = createHashQueue({ atOnce: 2 });
  const order: string[] = [];
  const jobs = ['a', 'b', 'c', 'd'].map((name) => ({ name, ...work() }));
  const done = jobs.map((job) =>
    queue.run(() => {
      order.push(job.name);
      return job.do();
    }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  t.strictSame(order, ['a', 'b']);
  t.equal(await queue.runIfIdle(async () => 'never'), undefined, 'nobody gets ahead');
  jobs[1]?.finish('b');
  await done[1];
  t.strictSame(order, ['a', 'b', 'c']);
  for (const { finish, name } of jobs) finish(name);
  t.strictSame(await Promise.all(done), ['a', 'b', 'c', 'd']);
  t.equal(await queue.runIfIdle(async () => 'now'), 'now');
});

t.test('one that fails gives its place on', async (t) => {
  const queue = createHashQueue({ atOnce: 1 });
  const failing = queue.run(() => Promise.reject(new Error('no')));
  const next = queue.run(async () => 'yes');
  await t.rejects(failing, /no/);
  t.equal(await next, 'yes');
});

t.test('who waits too long, or comes when too many wait, is refused and counted', async (t) => {
  let refused = 0;
  const queue = createHashQueue({ atOnce: 1, mostWaiting: 1, patienceMs: 20, onRefused: () => (refused += 1) });
  const first = work();
  const running = queue.run(() => first.do());
  const waiting = queue.run(async () => 'late');
  await t.rejects(
    queue.run(async () => 'too many'),
    new ProblemError('service-unavailable', { detail: overloaded }),
  );
  await t.rejects(waiting, new ProblemError('service-unavailable', { detail: overloaded }));
  first.finish('done');
  t.equal(await running, 'done');
  t.equal(refused, 2);
  t.equal(await queue.run(async () => 'again'), 'again');
});
