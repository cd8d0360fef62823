import { once } from 'node:events';
import t from 'tap';
import { hasState, isDelta, nextEvent } from '../support/settle.ts';
import { onEachStore } from '../support/stack.ts';

onEachStore('32: a job survives kill -9 of its worker, and has one result', async (t, stack) => {
  const api = await stack.api();
  const person = await stack.person(api);
  await person.hasProfile();
  const child = await stack.workerProcess({ LLM_DEMO_PACE: '20' });
  const { planId, jobId } = await person.generate();
  const stream = person.watch(jobId);
  await nextEvent(stream, isDelta);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const killed = Date.now();

  await stack.worker();
  await nextEvent(stream, hasState('succeeded'));
  t.comment(`finished ${Date.now() - killed} ms after the kill`);
  t.ok(Date.now() - killed < 75_000);

  const events = await person.watchToEnd(jobId);
  t.same(
    events.map(({ id }) => id),
    events.map((_, index) => index + 1),
    'one history',
  );
  t.equal(events.filter(({ event }) => event === 'result').length, 1);
  t.match(await person.job(jobId), { state: 'succeeded', attempt: 2 });
  t.match((await person.send('GET', '/usage')).body, { tokens: { reserved: 0 } }, 'settled, once');
  const plan = await person.plan(planId);
  t.equal(new Set(plan.sections.map(({ channel }) => channel)).size, plan.sections.length, 'no section twice');
  t.equal(new Set(plan.tasks.map(({ title }) => title)).size, plan.tasks.length, 'no task twice');
});

onEachStore(
  '38: a worker that is told to stop hands its job back, and the next begins it at once',
  async (t, stack) => {
    const api = await stack.api();
    const person = await stack.person(api);
    await person.hasProfile();
    const child = await stack.workerProcess({ LLM_DEMO_PACE: '10' });
    const { planId, jobId } = await person.generate();
    const stream = person.watch(jobId);
    await nextEvent(stream, isDelta);
    const told = Date.now();
    child.kill('SIGTERM');
    const [exit] = await Promise.all([once(child, 'exit'), nextEvent(stream, hasState('queued'))]);
    t.equal(exit[0], 0);
    t.ok(Date.now() - told < 10_000, `${Date.now() - told} ms`);

    const handedBack = Date.now();
    await stack.worker();
    await nextEvent(stream, hasState('succeeded'));
    t.ok(Date.now() - handedBack < 5_000, `taken up within ${Date.now() - handedBack} ms`);
    t.match(await person.job(jobId), { state: 'succeeded', attempt: 2 });
    t.match(await person.plan(planId), { status: 'ready' });
  },
);
void t;
