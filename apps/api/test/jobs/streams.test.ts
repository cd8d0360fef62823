import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openTcpProxy, readEventStream, type ReceivedEvent } from '@alva/testing';
import t, { type Test } from 'tap';
import { createJobEventsStore } from '../../src/jobs/job-events.store.ts';
import { createJobLookout } from '../../src/jobs/job-lookout.ts';
import { createJobPages } from '../../src/jobs/job-pages.ts';
import { createJobStreams } from '../../src/jobs/job-stream.ts';
import type { Person } from '../support/person.ts';
import { hasState, isDelta, nextEvent } from '../support/settle.ts';
import { createStack, onEachStore, type Api, type Stack } from '../support/stack.ts';

const numbers = (events: readonly ReceivedEvent[]) => events.flatMap(({ id }) => (id === undefined ? [] : [id]));
const upTo = (count: number, from = 1) => Array.from({ length: count - from + 1 }, (_, index) => from + index);

async function createJob(t: Test, variables?: Record<string, string>, readerPatienceMs?: number) {
  const stack = await createStack(t);
  const api = await stack.api(variables, undefined, readerPatienceMs);
  const person = await stack.person(api);
  await person.hasProfile();
  return { stack, api, person, ...(await person.generate()) };
}

/** What a run that wrote so much leaves behind; no message tells of it. */
async function write({ database: { sql } }: Stack, jobId: string, { to, bytes = 1 }: { to: number; bytes?: number }) {
  await sql`
    with job as (update app.jobs set last_seq = ${to} where id = ${jobId})
    insert into app.job_events (job_id, seq, event, data)
    select ${jobId}::uuid, n, 'delta', jsonb_build_object('part', 'summary', 'text', repeat('x', ${bytes}::int))
    from generate_series((select max(seq) + 1 from app.job_events where job_id = ${jobId}), ${to}::int) n`;
}

const watchRaw = (url: string, jobId: string, token: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/jobs/${jobId}/events`, { headers: { authorization: `Bearer ${token}`, ...headers } });

void t.test('a long history is told whole in one stream, wherever one resumes', async (t) => {
  const { stack, person, jobId } = await createJob(t);
  await write(stack, jobId, { to: 700 });
  await person.send('DELETE', `/jobs/${jobId}`);
  for (const after of [0, 1, 199, 200, 201, 500, 700]) {
    const events = await person.watchToEnd(jobId, after);
    t.same(numbers(events), upTo(701, after + 1), `after ${after}`);
    t.match(events.at(-1), { event: 'state', data: { state: 'cancelled' } });
  }
  await stack.database.sql`delete from app.job_events where job_id = ${jobId}`;
  t.same(
    await person.watchToEnd(jobId, 3),
    [{ id: 701, event: 'state', data: { state: 'cancelled', attempt: 0 } }],
    'what is long over still says how it ended',
  );
});

void t.test('Last-Event-ID: only a number of ours resumes, all else begins at the beginning', async (t) => {
  const { stack, api, person, jobId } = await createJob(t);
  await write(stack, jobId, { to: 3 });
  await person.send('DELETE', `/jobs/${jobId}`);
  const from = async (given: string) => {
    const response = await watchRaw(api.url, jobId, person.token, { 'last-event-id': given });
    t.equal(response.status, 200);
    return [...(await response.text()).matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  };
  for (const given of ['', '-1', '1.5', '1e3', '0x1', 'NaN', '99999999999999999999', "1' or '1"])
    t.same(await from(given), [1, 2, 3, 4], `"${given}"`);
  t.same(await from('0'), [1, 2, 3, 4]);
  t.same(await from('2'), [3, 4]);
  t.same(await from('999999999'), [], 'from the future: nothing after the end');
});

void t.test('a stream cut anywhere, in the middle of an event too, goes on without gap or double', async (t) => {
  const { stack, api, person, jobId } = await createJob(t);
  await write(stack, jobId, { to: 20 });
  await person.send('DELETE', `/jobs/${jobId}`);
  const whole = await person.watchToEnd(jobId);
  const { length } = Buffer.from(await (await watchRaw(api.url, jobId, person.token)).arrayBuffer());
  for (let cut = 0; cut < length; cut += 37) {
    const { body } = await watchRaw(api.url, jobId, person.token);
    const got: ReceivedEvent[] = [];
    for await (const event of readEventStream(cutAfter(body, cut))) got.push(event);
    const rest = await person.watchToEnd(jobId, got.at(-1)?.id);
    t.same([...got, ...rest], whole, `cut after ${cut} of ${length} bytes`);
  }
});

function cutAfter(body: ReadableStream<Uint8Array> | null, length: number): ReadableStream<Uint8Array> {
  let left = length;
  const cutter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      controller.enqueue(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) controller.terminate();
    },
  });
  void body?.pipeTo(cutter.writable).catch(() => undefined);
  return cutter.readable;
}

onEachStore('a hundred readers of one job are told the same', async (t, stack) => {
  const api = await stack.api();
  const person = await stack.person(api);
  await person.hasProfile();
  const { jobId } = await person.generate();
  const readers = Array.from({ length: 100 }, () => person.watchToEnd(jobId));
  await stack.worker({ LLM_DEMO_PACE: '400' });
  const [first = [], ...others] = (await Promise.all(readers)).map((events) => events.filter(({ id }) => id));
  t.same(numbers(first), upTo(first.length));
  t.match(first.at(-1), { event: 'state', data: { state: 'succeeded' } });
  for (const events of others) t.strictSame(events, first);
});

void t.test(
  'readers who ask for the same in one turn share a statement, and nobody is given what is older than their question',
  async (t) => {
    let asked = 0;
    const row = (seq: number) => ({ seq, event: 'step' as const, data: '{}' });
    const pageAfter = createJobPages({ after: async (_jobId, seq) => [row(seq + ++asked)] });
    const pages = await Promise.all(Array.from({ length: 100 }, () => pageAfter('one', 7)));
    t.equal(asked, 1);
    t.equal(new Set(pages).size, 1);
    const early = pageAfter('one', 7);
    await nextTurn();
    await nextTurn();
    t.not(await pageAfter('one', 7), await early);
    await Promise.all([pageAfter('one', 8), pageAfter('two', 8)]);
    t.equal(asked, 5, 'and only the same');
  },
);

void t.test('a person holds so many streams and no more, and a place is free when its reader has gone', async (t) => {
  const { stack, api, person, jobId } = await createJob(t, { JOB_STREAMS_PER_PERSON: '3' });
  const other = await stack.person(api);
  t.equal((await other.send('GET', `/jobs/${jobId}/events`)).status, 404);
  t.equal((await person.send('HEAD', `/jobs/${jobId}/events`)).status, 404, 'HEAD opens nothing');
  const streams = Array.from({ length: 3 }, () => person.watch(jobId));
  for (const stream of streams) await nextEvent(stream, hasState('queued'));

  const refused = await person.send('GET', `/jobs/${jobId}/events`);
  t.match(refused, { status: 429, body: { code: 'rate-limited' } });
  t.ok(Number(refused.headers.get('retry-after')) > 0);
  t.equal(
    (await stack.person(api, { sub: person.sub }).then((same) => same.send('GET', `/jobs/${jobId}/events`))).status,
    429,
  );
  await other.hasProfile();
  const elsewhere = other.watch((await other.generate()).jobId);
  await nextEvent(elsewhere, hasState('queued'));
  t.match(await page(api), /^job_streams{.*} 4$/m);
  t.match(await page(api), /^rate_limited_total{limit="job-streams:person".*} 2$/m);

  for (const stream of streams) await stream.return(undefined);
  while ((await open(api)) > 1) await nextTurn();
  const again = person.watch(jobId);
  await nextEvent(again, hasState('queued'));
  t.match(await page(api), /^job_stream_ends_total{why="reader-gone".*} 3$/m);
  await Promise.all([again.return(undefined), elsewhere.return(undefined)]);
});

const page = ({ metrics }: Api) => metrics.registry.metrics();
const open = async (api: Api) => Number(/^job_streams{.*} (\d+)$/m.exec(await page(api))?.[1]);

void t.test(
  'a stream outlives its token for as long again as that was good, then the reader has to come back',
  async (t) => {
    const { stack, api, person, jobId } = await createJob(t);
    const now = Math.floor(Date.now() / 1000);
    const late = await stack.person(api, { sub: person.sub, iat: now - 11, exp: now - 10 });
    const began = Date.now();
    for await (const { data } of late.watch(jobId)) t.match(data, { state: 'queued' });
    t.ok(Date.now() - began < 5_000, 'ended in peace');
    t.match(await page(api), /^job_stream_ends_total{why="token-outlived".*} 1$/m);
  },
);

void t.test(
  'a stream that has nothing to tell shows every so often that it lives, and what it tells counts as well',
  async (t) => {
    const { stack, api, person, jobId } = await createJob(t);
    const { database, queues } = api.resources;
    const events = createJobEventsStore(database);
    const lookout = createJobLookout({ events, topics: queues.topics, logger: api.app.log, every: 50, tick: 10 });
    const heartbeat = 200;
    const watch = createJobStreams({ lookout, pageAfter: createJobPages(events), heartbeat });
    const job = await events.open(person.sub, jobId);
    if (!job) return t.fail('The job is gone');
    const frames = watch(job, 0, new AbortController().signal);
    const next = async () => String((await frames.next()).value);
    while (!(await next()).includes('position'));

    let heardAt = performance.now();
    for (let times = 0; times < 3; times++) {
      t.equal(await next(), ': still here\n\n');
      t.ok(performance.now() - heardAt >= heartbeat, 'and no sooner');
      heardAt = performance.now();
    }
    await write(stack, jobId, { to: 2 });
    while (!(await next()).startsWith('id: 2'));
    heardAt = performance.now();
    t.equal(await next(), ': still here\n\n');
    t.ok(performance.now() - heardAt >= heartbeat, 'counted anew from what was told');
    await frames.return(undefined);
  },
);

void t.test('what no message tells is found: new events, and that the job was deleted', async (t) => {
  const { stack, person, jobId } = await createJob(t);
  const stream = person.watch(jobId);
  await nextEvent(stream, hasState('queued'));
  await write(stack, jobId, { to: 5 });
  const written = Date.now();
  await nextEvent(stream, ({ id }) => id === 5);
  t.ok(Date.now() - written < 4_000, `${Date.now() - written} ms`);
  await stack.database.sql`delete from app.plans where job_id = ${jobId}`;
  await stack.database.sql`delete from app.jobs where id = ${jobId}`;
  for await (const event of stream) t.fail(`nothing is left to tell: ${event.event}`);
});

void t.test('streams end when what is watched is over and none of its events are left to say so', async (t) => {
  const { stack, person, jobId } = await createJob(t);
  const streams = [person.watch(jobId), person.watch(jobId)];
  for (const stream of streams) await nextEvent(stream, hasState('queued'));
  await stack.database.sql.begin(async (sql) => {
    await sql`delete from app.job_events where job_id = ${jobId}`;
    await sql`update app.jobs set state = 'cancelled', finished_at = now(), last_seq = 7 where id = ${jobId}`;
  });
  const lastWord = { id: 7, event: 'state', data: { state: 'cancelled', attempt: 0 } };
  for (const stream of streams) {
    const told: ReceivedEvent[] = [];
    for await (const event of stream) if (event.id !== undefined) told.push(event);
    t.same(told, [lastWord]);
  }
});

void t.test(
  'a reader that takes nothing costs a page, is closed with its session within a second, and hung up on in the end',
  async (t) => {
    const { stack, api, person, jobId } = await createJob(t, {}, 1_500);
    const bytes = 40_000;
    const page = 200 * bytes;
    await write(stack, jobId, { to: 2_000, bytes });
    const ends: Socket[] = [];
    api.app.server.on('connection', (end: Socket) => ends.push(end));
    const stall = async ({ token }: Person) => {
      const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
      t.teardown(() => socket.destroy());
      socket.on('error', () => undefined).pause();
      await once(socket, 'connect');
      socket.write(`GET /jobs/${jobId}/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    };
    const leaving = await stack.person(api, { sub: person.sub });
    await stall(person);
    await stall(leaving);
    while (ends.length < 2 || !ends.every(({ writableLength }) => writableLength > 0)) await nextTurn();
    const [hungUp, revoked] = ends.map((end) => once(end, 'close'));
    for (const end of ends) t.ok(end.writableLength < 2 * page, `${end.writableLength} bytes wait`);

    const before = Date.now();
    await stack.endSession(api, leaving.sid);
    await revoked;
    t.ok(Date.now() - before < 1_000, `closed after ${Date.now() - before} ms`);
    await hungUp;
    while ((await open(api)) > 0) await nextTurn();
    t.pass('hung up on');
  },
);

onEachStore('an open stream outlives an outage of Postgres, and goes on by itself', async (t, stack) => {
  const line = await openTcpProxy(t, stack.database.url);
  const api = await stack.api({ DATABASE_URL: line.url });
  await stack.worker({ LLM_DEMO_PACE: '150' });
  const person = await stack.person(api);
  await person.hasProfile();
  const { jobId } = await person.generate();
  const stream = person.watch(jobId);
  const events = [await nextEvent(stream, isDelta)];
  line.cut();
  t.equal((await person.send('GET', `/jobs/${jobId}`)).status, 503);
  line.restore();
  for await (const event of stream) events.push(event);
  const [first, ...others] = numbers(events);
  t.same(others, upTo(events.length + (first ?? 0) - 1, (first ?? 0) + 1));
  t.match(events.at(-1), { event: 'state', data: { state: 'succeeded' } });
});
