import t from 'tap';
import { createGate, hasState, isDelta, nextEvent } from '../support/settle.ts';
import { createStack, onEachStore } from '../support/stack.ts';

onEachStore('a queued job that is called off is never run', async (t, stack) => {
  const api = await stack.api();
  const person = await stack.person(api);
  await person.hasProfile();
  const { planId, jobId } = await person.generate();
  const watching = person.watchToEnd(jobId);

  t.equal((await person.send('DELETE', `/jobs/${jobId}`)).status, 204);
  t.equal((await person.send('DELETE', `/jobs/${jobId}`)).status, 204, 'twice is once');
  t.match((await watching).at(-1), { event: 'state', data: { state: 'cancelled' } });

  await stack.worker();
  const next = await person.generate();
  await person.watchToEnd(next.jobId);
  t.match(await person.job(jobId), { state: 'cancelled', attempt: 0, startedAt: null });
  t.match(await person.plan(planId), { status: 'cancelled', sections: [] });
  t.match(await person.send('DELETE', `/jobs/${next.jobId}`), { status: 409, body: { code: 'job-finished' } });
  t.match(await person.plan(next.planId), { status: 'ready' });
});

onEachStore(
  'a running job that is called off stops within a second, and its worker goes on with the next',
  async (t, stack) => {
    const api = await stack.api();
    const worker = await stack.worker({ LLM_DEMO_PACE: '30', WORKER_CONCURRENCY: '1' });
    const person = await stack.person(api);
    await person.hasProfile();
    const first = await person.generate();
    const stream = person.watch(first.jobId);
    await nextEvent(stream, isDelta);
    const second = await person.generate();

    const before = Date.now();
    t.equal((await person.send('DELETE', `/jobs/${first.jobId}`)).status, 204);
    await nextEvent(stream, hasState('cancelled'));
    await nextEvent(person.watch(second.jobId), hasState('running'));
    t.ok(Date.now() - before < 1000, `${Date.now() - before} ms`);

    t.match(await person.plan(first.planId), { status: 'cancelled', sections: [], tasks: [] });
    t.same(await person.watchToEnd(first.jobId).then((events) => events.at(-1)?.data), {
      state: 'cancelled',
      attempt: 1,
    });
    await person.send('DELETE', `/jobs/${second.jobId}`);
    await worker.stop();
  },
);

onEachStore(
  'the end of a session for cause ends its jobs and streams within a second; an ordinary sign-out does not',
  async (t, stack) => {
    const api = await stack.api();
    await stack.worker({ LLM_DEMO_PACE: '30' });
    const person = await stack.person(api);
    const elsewhere = await stack.person(api, { sub: person.sub });
    await person.hasProfile();
    const { jobId } = await person.generate();
    const kept = await elsewhere.generate();
    const stream = person.watch(jobId);
    await nextEvent(stream, isDelta);
    await nextEvent(elsewhere.watch(kept.jobId), isDelta);

    const { topics } = api.resources.queues;
    const end = (sid: string, reason: string) =>
      topics.publish(`sessions.${sid}.revoked`, { sid, sub: person.sub, reason });
    await end(elsewhere.sid, 'signed-out');
    const before = Date.now();
    await end(person.sid, 'revoked');
    for await (const { event } of stream) t.ok(event);
    t.ok(Date.now() - before < 1000, 'the stream is closed');

    const later = await stack.person(api, { sub: person.sub });
    t.match((await later.watchToEnd(jobId)).at(-1), { data: { state: 'cancelled' } });
    t.ok(Date.now() - before < 1000, 'the job is cancelled');
    t.match(await later.job(kept.jobId), { state: 'running' });
    t.equal((await person.send('GET', '/plans')).status, 401, 'its token is refused');
    await later.send('DELETE', `/jobs/${kept.jobId}`);
  },
);
void t;

void t.test('5: a stream that opens while its session ends is closed at once', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const person = await stack.person(api);
  await person.hasProfile();
  const { jobId } = await person.generate();
  const heard = createGate();
  const { topics } = api.resources.queues;
  const topic = `sessions.${person.sid}.revoked`;
  const forget = topics.subscribe(topic, () => heard.open());
  t.teardown(forget);

  let response: Promise<Response> | undefined;
  await stack.database.sql.begin(async (transaction) => {
    await transaction`lock table app.jobs in access exclusive mode`;
    response = fetch(`${api.url}/jobs/${jobId}/events`, { headers: { authorization: `Bearer ${person.token}` } });
    const waiting = async () =>
      stack.database.sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    while ((await waiting()).length === 0);
    await topics.publish(topic, { sid: person.sid, sub: person.sub, reason: 'signed-out' });
    await heard.passed;
  });
  t.equal(await (await response)?.text(), 'retry: 1000\n\n', 'nothing is told');
  t.equal((await person.send('GET', `/jobs/${jobId}`)).status, 401);
});
