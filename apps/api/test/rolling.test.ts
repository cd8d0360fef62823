import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { openLoadBalancer, type ReceivedEvent } from '@alva/testing';
import t from 'tap';
import { roomy } from './support/faults.ts';
import { hasState, isDelta } from './support/settle.ts';
import { createStack } from './support/stack.ts';

t.test('38: under a rolling restart of two copies of the api no request fails', async (t) => {
  const stack = await createStack(t);
  const balancer = await openLoadBalancer(t);
  const production = { NODE_ENV: 'production', API_URL: balancer.url, WEB_URL: 'http://localhost:3000' };
  const start = () => stack.apiProcess({ ...roomy, ...production, REQUEST_LIMIT: '1000000/1m' });
  const [one, two, ...fresh] = await Promise.all([start(), start(), start(), start()]);
  const old = [one, two];
  for (const { url } of old) await balancer.add(url);
  // A plan takes longer than a copy goes on for after it was told to stop.
  await stack.worker({ LLM_DEMO_PACE: '250', WORKER_CONCURRENCY: '4' });
  const person = await stack.person(balancer);
  await person.hasProfile();

  const trouble: unknown[] = [];
  const done = { reads: 0, plans: 0, streams: 0 };
  const written = new Set<() => void>();
  let isOver = false;
  async function keepReading(): Promise<void> {
    while (!isOver) {
      const { status, body } = await person.send('GET', '/plans');
      done.reads++;
      if (status !== 200) trouble.push({ status, body });
      await delay(20);
    }
  }
  /** A stream may end before the job does, to be resumed; it is never refused, and never breaks off. */
  async function keepPlanning(): Promise<void> {
    while (!isOver) {
      const { jobId } = await person.generate();
      done.plans++;
      const numbered: ReceivedEvent[] = [];
      while (!numbered.some(hasState('succeeded'))) {
        const after = numbered.length;
        done.streams++;
        for await (const event of person.watch(jobId, { after })) {
          if (event.id !== undefined) numbered.push(event);
          if (isDelta(event)) written.forEach((tell) => tell());
        }
      }
      for (const [index, { id }] of numbered.entries()) if (id !== index + 1) trouble.push({ jobId, index, id });
    }
  }
  const isBeingWritten = () => new Promise<void>((resolve) => written.add(resolve));

  const load = [keepReading(), keepReading(), ...Array.from({ length: 4 }, keepPlanning)].map((life) =>
    life.catch((error: unknown) => trouble.push(error)),
  );
  for (const [index, { url, child }] of old.entries()) {
    await balancer.add(fresh[index]?.url ?? '');
    await isBeingWritten();
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    t.same(await gone, [0, null]);
    balancer.remove(url);
  }
  isOver = true;
  await Promise.all(load);
  t.same(trouble, []);
  t.ok(done.reads > 20, 'there was a steady load');
  t.ok(done.streams > done.plans, 'streams were open when their copy stopped');
  t.comment(`${done.reads} reads, ${done.plans} plans, ${done.streams} streams through 2 restarts`);
});
