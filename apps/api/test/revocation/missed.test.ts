import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { openTcpProxy } from '@alva/testing';
import t from 'tap';
import { createGate, hasState, isDelta, nextEvent } from '../support/settle.ts';
import { createStack, onEachStore } from '../support/stack.ts';

onEachStore(
  '28: an api that started after the end of a session refuses it from the first request on',
  async (t, stack) => {
    const first = await stack.api();
    const person = await stack.person(first);
    t.equal((await person.send('GET', '/plans')).status, 200);
    stack.issuer.end(person.sid);
    const late = await stack.api();
    t.equal((await person.at(late.url).send('GET', '/plans')).status, 401);
    t.equal((await fetch(`${late.url}/readyz`)).status, 200);
  },
);

onEachStore('28: what was missed while messages were cut is made up for as soon as they are back', async (t, stack) => {
  const line = await openTcpProxy(t, stack.redis?.url ?? stack.database.url);
  const byLine = { [stack.redis ? 'REDIS_URL' : 'DATABASE_URL']: line.url };
  const [cutOff, sound] = [await stack.api(byLine), await stack.api()];
  const person = await stack.person(cutOff);
  t.equal((await person.send('GET', '/plans')).status, 200);

  line.cut();
  await stack.endSession(sound, person.sid);
  // It hears its own message a moment after it was sent.
  while ((await person.at(sound.url).send('GET', '/plans')).status !== 401);
  t.not((await person.send('GET', '/plans')).status, 401, 'it cannot know yet');
  line.restore();
  const before = performance.now();
  while ((await person.send('GET', '/plans')).status !== 401);
  const took = performance.now() - before;
  t.comment(`${stack.store}: refused ${took.toFixed(0)} ms after messages could flow again`);
  t.ok(took < 10_000);
});

onEachStore(
  '28: without any message a session that ended is over within 30 s: for requests, streams, and jobs',
  async (t, stack) => {
    const api = await stack.api();
    await stack.worker({ LLM_DEMO_PACE: '2' });
    const person = await stack.person(api);
    const other = await stack.person(api, { sub: person.sub });
    await person.hasProfile();
    const { jobId } = await person.generate();
    const stream = person.watch(jobId);
    await nextEvent(stream, isDelta);

    stack.issuer.end(person.sid);
    const before = performance.now();
    for await (const { event } of stream) t.ok(event);
    t.equal((await person.send('GET', '/plans')).status, 401);
    await nextEvent(other.watch(jobId), hasState('cancelled'));
    const took = performance.now() - before;
    t.comment(`${stack.store}: over after ${(took / 1000).toFixed(1)} s`);
    // The 30 s of the promise, and what the last look takes on a busy machine.
    t.ok(took < 32_000);
  },
);

onEachStore(
  'a worker that starts cancels what sessions left behind that ended for cause, and nothing else',
  async (t, stack) => {
    const api = await stack.api();
    const [revoked, signedOut] = [await stack.person(api), await stack.person(api)];
    const jobs = new Map<typeof revoked, string>();
    for (const person of [revoked, signedOut]) {
      await person.hasProfile();
      jobs.set(person, (await person.generate()).jobId);
    }
    const watchers = [...jobs].map(async ([person, jobId]) => {
      const later = await stack.person(api, { sub: person.sub });
      const events = await later.watchToEnd(jobId);
      return { events, job: await later.job(jobId) };
    });
    // Long ago: much longer than the list reaches back by itself.
    await stack.database.sql`update app.jobs set created_at = created_at - interval '2 days'`;
    const dayBefore = new Date(Date.now() - 47 * 3_600_000);
    stack.issuer.end(revoked.sid, 'revoked', dayBefore);
    stack.issuer.end(signedOut.sid, 'signed-out', dayBefore);
    await stack.worker();
    const [cancelled, kept] = await Promise.all(watchers);
    t.match(cancelled?.job, { state: 'cancelled', attempt: 0, startedAt: null });
    t.match(kept?.job, { state: 'succeeded' });
  },
);

onEachStore('a job that is committed after its worker heard of the end of its session is not run', async (t, stack) => {
  const api = await stack.api();
  const worker = await stack.worker({ LLM_DEMO_PACE: '30' });
  const person = await stack.person(api);
  await person.hasProfile();
  const heard = createGate();
  t.teardown(worker.resources.queues.topics.subscribe(`sessions.${person.sid}.revoked`, () => heard.open()));

  let generated: ReturnType<typeof person.generate> | undefined;
  await stack.database.sql.begin(async (transaction) => {
    // Reads pass, inserts wait: the token was checked before its session ended, and the job comes after.
    await transaction`lock table app.jobs in share row exclusive mode`;
    generated = person.generate();
    const activity = (what: string) =>
      stack.database
        .sql`select from pg_stat_activity where datname = current_database() and ${stack.database.sql.unsafe(what)}`;
    while ((await activity(`wait_event_type = 'Lock' and query like 'insert into "app"."jobs"%'`)).length === 0);
    await stack.endSession(api, person.sid);
    await heard.passed;
    const looked = `state like 'idle%' and query like 'select "id" from "app"."jobs"%session_id%'`;
    while ((await activity(looked)).length === 0);
  });
  const { jobId, planId } = (await generated) ?? { jobId: '', planId: '' };
  const later = await stack.person(api, { sub: person.sub });
  const events = await later.watchToEnd(jobId);
  t.match(events.at(-1), { data: { state: 'cancelled' } });
  t.same(events.filter(isDelta), [], 'nothing was written');
  t.match(await later.plan(planId), { status: 'cancelled' });
});

void t.test('an api that has keys and no list of revocations is not ready, and says why', async (t) => {
  const stack = await createStack(t);
  let listIsBroken = true;
  const auth = createServer(({ url = '' }, response) => {
    const isBroken = listIsBroken && url.startsWith('/auth/revocations');
    if (isBroken) response.writeHead(503).end();
    else void fetch(stack.issuer.url + url).then(async (answer) => response.end(await answer.text()));
  }).listen(0, '127.0.0.1');
  await once(auth, 'listening');
  t.teardown(() => auth.close().closeAllConnections());
  const api = await stack.api({ AUTH_SERVICE_URL: `http://127.0.0.1:${(auth.address() as AddressInfo).port}` });
  const person = await stack.person(api);
  t.equal((await person.send('GET', '/plans')).status, 200, 'its keys verify all the same');
  const answer = await fetch(`${api.url}/readyz`);
  t.match([answer.status, await answer.json()], [503, { detail: 'Not ready: revocations' }]);
  listIsBroken = false;
  while ((await fetch(`${api.url}/readyz`)).status !== 200);
  t.pass('it asks until it has one');
});
