import { openTcpProxy } from '@alva/testing';
import t from 'tap';
import { hasState, isDelta, nextEvent } from './support/settle.ts';
import { createStack } from './support/stack.ts';

for (const how of ['cut', 'stall'] as const) {
  void t.test(
    `34: with Postgres ${how}, every answer is 503 within 3 s, tokens are still verified, and it recovers by itself`,
    async (t) => {
      const stack = await createStack(t);
      const line = await openTcpProxy(t, stack.database.url);
      const api = await stack.api({ DATABASE_URL: line.url });
      const person = await stack.person(api);
      await person.hasProfile();

      line[how]();
      const before = Date.now();
      const replies = await Promise.all([
        person.send('GET', '/user/profile'),
        person.send('GET', '/plans'),
        person.send('POST', '/plans/generate', {}),
        ...Array.from({ length: 40 }, () => person.send('GET', '/plans')),
      ]);
      const took = Date.now() - before;
      for (const reply of replies) {
        t.match(reply, { status: 503, body: { code: 'service-unavailable' } });
        t.ok(reply.headers.get('retry-after'));
      }
      t.ok(took < 3_000, `${took} ms`);
      t.equal((await fetch(`${api.url}/plans`, { headers: { authorization: 'Bearer nonsense' } })).status, 401);
      t.equal((await fetch(`${api.url}/healthz`)).status, 200);

      line.restore();
      const mended = Date.now();
      while ((await person.send('GET', '/user/profile')).status !== 200 && Date.now() - mended < 30_000);
      t.ok(Date.now() - mended < 30_000, `recovered after ${Date.now() - mended} ms`);
      t.equal((await stack.database.sql`select from app.plans`).length, 0, 'what was refused was not done');
      t.equal((await person.send('POST', '/plans/generate', {})).status, 202);
    },
  );
}

void t.test('34: connections that fall silent for good are given up, and new ones serve', async (t) => {
  const stack = await createStack(t);
  const line = await openTcpProxy(t, stack.database.url);
  const api = await stack.api({ DATABASE_URL: line.url });
  const person = await stack.person(api);
  await person.hasProfile();
  const ask = () => Promise.all(Array.from({ length: 40 }, () => person.send('GET', '/plans')));
  await ask();

  line.forsake();
  const forsaken = Date.now();
  t.same(new Set((await ask()).map(({ status }) => status)), new Set([503]));
  while ((await ask()).some(({ status }) => status !== 200));
  t.ok(Date.now() - forsaken < 6_000, `back after ${Date.now() - forsaken} ms`);
});

void t.test('34: a run outlives a short outage of Postgres, and its watchers miss nothing', async (t) => {
  const stack = await createStack(t);
  const line = await openTcpProxy(t, stack.database.url);
  const api = await stack.api({ DATABASE_URL: line.url });
  await stack.worker({ DATABASE_URL: line.url, LLM_DEMO_PACE: '150' });
  const person = await stack.person(api);
  await person.hasProfile();
  const { jobId, planId } = await person.generate();
  await nextEvent(person.watch(jobId), isDelta);
  line.cut();
  t.equal((await person.send('GET', `/jobs/${jobId}`)).status, 503);
  line.restore();
  while ((await person.send('GET', `/jobs/${jobId}`)).status !== 200);
  await nextEvent(person.watch(jobId), hasState('succeeded'));
  const events = await person.watchToEnd(jobId);
  t.same(
    events.map(({ id }) => id),
    events.map((_, index) => index + 1),
  );
  const plan = await person.plan(planId);
  const written = events.flatMap(({ event, data }) =>
    event === 'delta' && data['part'] === 'summary' ? [data['text']] : [],
  );
  t.equal(written.join(''), plan.summary, 'nothing was written twice or lost');
  t.equal((await person.job(jobId)).attempt, 1);
});

void t.test('36: with Redis down a plan is accepted at once, and done when Redis is back', async (t) => {
  const stack = await createStack(t, 'redis');
  if (!stack.redis) {
    t.comment('no Redis here');
    return;
  }
  const line = await openTcpProxy(t, stack.redis.url);
  const api = await stack.api({ REDIS_URL: line.url });
  const person = await stack.person(api);
  await person.hasProfile();
  line.cut();
  let answer = await readyz(api.url);
  // What was found a moment ago is answered for a moment.
  while (!('degraded' in answer.body)) answer = await readyz(api.url);
  t.strictSame(answer, { status: 200, body: { status: 'ok', degraded: ['queue'] } }, 'the api stays in service');
  const before = Date.now();
  const { jobId } = await person.generate();
  t.ok(Date.now() - before < 3_000, `${Date.now() - before} ms`);
  line.restore();
  await stack.worker({ REDIS_URL: line.url });
  t.match((await person.watchToEnd(jobId)).at(-1), { data: { state: 'succeeded' } });
});

async function readyz(url: string) {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: (await response.json()) as object };
}

void t.test('an api that never reached auth is not ready, and says why', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api({ AUTH_SERVICE_URL: 'http://127.0.0.1:1' });
  const answer = await fetch(`${api.url}/readyz`);
  t.match([answer.status, await answer.json()], [503, { detail: 'Not ready: keys, revocations' }]);
  t.equal((await fetch(`${api.url}/healthz`)).status, 200);
  const person = await stack.person(api);
  t.equal((await person.send('GET', '/plans')).status, 503);
});

void t.test(
  '37: with auth down a started api serves every valid token, and one that never had keys answers 503',
  async (t) => {
    const stack = await createStack(t);
    const line = await openTcpProxy(t, stack.issuer.url);
    const AUTH_SERVICE_URL = new URL(line.url).origin;
    const api = await stack.api({ AUTH_SERVICE_URL });
    const known = await stack.person(api);
    t.equal((await known.send('GET', '/plans')).status, 200);
    line.cut();
    const person = await stack.person(api);
    for (const one of [known, person]) t.equal((await one.send('GET', '/plans')).status, 200, 'new tokens too');
    t.equal((await fetch(`${api.url}/readyz`)).status, 200);
    const late = await stack.api({ AUTH_SERVICE_URL });
    const refused = await (await stack.person(late)).send('GET', '/plans');
    t.match(refused, { status: 503, body: { code: 'keys-unavailable' } });
    line.restore();
    while ((await fetch(`${late.url}/readyz`)).status !== 200);
    t.equal((await (await stack.person(late)).send('GET', '/plans')).status, 200, 'and mends itself');
  },
);
