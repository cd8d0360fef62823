import { setImmediate as turn } from 'node:timers/promises';
import { hasState, isDelta, nextEvent } from '../support/settle.ts';
import { onEachStore } from '../support/stack.ts';

const [copies, rounds] = [3, 30];

onEachStore('28: a revoked session is refused by every copy of the api within 1 s', async (t, stack) => {
  const apis = await Promise.all(Array.from({ length: copies }, () => stack.api()));
  const latencies: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [first, ...others] = apis;
    if (!first) return;
    const person = await stack.person(first);
    const everywhere = [person, ...others.map(({ url }) => person.at(url))];
    for (const at of everywhere) t.equal((await at.send('GET', '/plans')).status, 200);
    const before = performance.now();
    await stack.endSession(first, person.sid);
    await Promise.all(
      everywhere.map(async (at) => {
        while ((await at.send('GET', '/plans')).status === 200) await turn();
        latencies.push(performance.now() - before);
      }),
    );
    for (const at of everywhere)
      t.match(await at.send('GET', '/plans'), { status: 401, body: { code: 'invalid-token' } });
  }
  latencies.sort((a, b) => a - b);
  const [p50 = NaN, p99 = NaN] = [0.5, 0.99].map((share) => latencies[Math.floor(latencies.length * share)]);
  t.comment(
    `${stack.store}: revoked → refused by ${copies} copies: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
  );
  t.ok(p99 < 1000);
});

onEachStore(
  '28: streams on every copy close, and running and queued jobs are cancelled, within 1 s of the end of their session',
  async (t, stack) => {
    const apis = await Promise.all([stack.api(), stack.api()]);
    await stack.worker({ LLM_DEMO_PACE: '30', WORKER_CONCURRENCY: '1' });
    const person = await stack.person(apis[0]);
    await person.hasProfile();
    const running = await person.generate();
    const streams = apis.map(({ url }) => person.at(url).watch(running.jobId));
    for (const stream of streams) await nextEvent(stream, isDelta);
    const queued = await person.generate();

    const before = performance.now();
    await stack.endSession(apis[1], person.sid);
    for (const stream of streams) for await (const { event } of stream) t.ok(event);
    const closed = performance.now() - before;
    const later = await stack.person(apis[0], { sub: person.sub });
    for (const { jobId } of [running, queued]) await nextEvent(later.watch(jobId), hasState('cancelled'));
    const cancelled = performance.now() - before;
    t.comment(
      `${stack.store}: streams closed in ${closed.toFixed(0)} ms, jobs cancelled in ${cancelled.toFixed(0)} ms`,
    );
    t.ok(cancelled < 1000);
    t.match(await later.job(queued.jobId), { attempt: 0, startedAt: null }, 'what was queued is never begun');
  },
);
