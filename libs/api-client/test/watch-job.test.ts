import { once } from 'node:events';
import type { JobEvent } from '@alva/validation';
import t, { type Test } from 'tap';
import { createApiClient, InvalidJobEvent, type WatchJobOptions, type WatchTiming } from '../src/index.ts';
import { answerProblem, delta, frame, openServer, openStream, running, succeeded } from './stream-server.ts';

const jobId = '0199aaaa-0000-7000-8000-000000000001';

async function openWatch(t: Test, { timing, ...options }: WatchJobOptions & { timing?: Partial<WatchTiming> } = {}) {
  const server = await openServer(t);
  const network = new EventTarget();
  const connections: boolean[] = [];
  const client = createApiClient({
    apiUrl: server.url,
    fetch,
    network,
    timing: { firstRetry: 1, longestRetry: 20, ...timing },
  });
  const events = client.watchJob(jobId, { onConnection: (up) => connections.push(up), ...options });
  return { server, network, connections, events };
}

async function all(events: AsyncIterable<JobEvent>): Promise<JobEvent[]> {
  const collected: JobEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}

const seqs = (events: JobEvent[]) => events.map(({ seq }) => seq);

void t.test('the events of a job come in order, and the stream ends with the job', async (t) => {
  const { server, events, connections } = await openWatch(t);
  const watched = all(events);
  const { request, response } = await server.visit();
  t.match(request, { method: 'GET', url: `/jobs/${jobId}/events`, headers: { accept: 'text/event-stream' } });
  t.equal(request.headers['last-event-id'], undefined);
  openStream(response);
  const result = { planId: '0199aaaa-0000-7000-8000-000000000002' };
  response.write(
    running(1) + frame(2, 'step', { step: 'Reading', percent: 5 }) + delta(3, 'Hi') + frame(4, 'result', result),
  );
  response.write(succeeded(5));
  // The server keeps the connection open; the client has heard enough.
  t.same(await watched, [
    { seq: 1, event: 'state', data: { state: 'running', attempt: 1 } },
    { seq: 2, event: 'step', data: { step: 'Reading', percent: 5 } },
    { seq: 3, event: 'delta', data: { part: 'summary', text: 'Hi' } },
    { seq: 4, event: 'result', data: result },
    { seq: 5, event: 'state', data: { state: 'succeeded', attempt: 1 } },
  ]);
  t.same(connections, [true]);
});

void t.test('the network may cut the stream anywhere, also inside a character', async (t) => {
  const { server, events } = await openWatch(t);
  const watched = all(events);
  const { response } = await server.visit();
  openStream(response);
  const text = 'Grüße aus Köln: “☕️ 10 €”\nzweite Zeile';
  const lines = [
    ': a comment',
    'retry: 1',
    '',
    `id: 1`,
    'event: delta',
    'data: {"part":"summary",',
    `data: "text":${JSON.stringify(text)}}`,
    'unknown-field: x',
    '',
    ...succeeded(2).split('\n').slice(0, -1),
    '',
  ];
  // All three line endings of the standard.
  const bytes = Buffer.from(lines.map((line, index) => line + (['\r\n', '\n', '\r'][index % 3] ?? '')).join('') + '\n');
  for (const byte of bytes) {
    response.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.match(await watched, [{ data: { text } }, { data: { state: 'succeeded' } }]);
});

void t.test('a lost connection is resumed after the last event, and no event comes twice', async (t) => {
  const { server, events, connections } = await openWatch(t);
  const one = events.next();
  const first = await server.visit();
  openStream(first.response);
  first.response.write(running(1) + delta(2, 'a') + 'id: 3\nevent: delta\nda');
  t.match([await one, await events.next()], [{ value: { seq: 1 } }, { value: { seq: 2 } }]);
  first.response.destroy();

  const rest = all(events);
  const second = await server.visit();
  t.equal(second.request.headers['last-event-id'], '2');
  openStream(second.response);
  second.response.end(running(1) + delta(2, 'a') + delta(3, 'b'));

  const third = await server.visit();
  t.equal(third.request.headers['last-event-id'], '3');
  openStream(third.response);
  third.response.end(delta(4, 'c') + succeeded(5));
  t.same(seqs(await rest), [3, 4, 5]);
  t.same(connections, [true, false, true, true], 'a stream that the service ends after telling something is no loss');
});

void t.test('a watcher may begin after an event it knows', async (t) => {
  const { server, events } = await openWatch(t, { lastEventId: 7 });
  const watched = all(events);
  const { request, response } = await server.visit();
  t.equal(request.headers['last-event-id'], '7');
  openStream(response);
  response.end(delta(7, 'old') + delta(8, 'new') + succeeded(9));
  t.same(seqs(await watched), [8, 9]);
});

void t.test('a connection that falls silent is given up and opened again', async (t) => {
  const { server, events } = await openWatch(t, { timing: { silence: 50 } });
  const watched = all(events);
  const first = await server.visit();
  openStream(first.response);
  first.response.write(running(1));
  await once(first.response, 'close');
  const second = await server.visit();
  t.equal(second.request.headers['last-event-id'], '1');
  openStream(second.response);
  second.response.end(succeeded(2));
  t.same(seqs(await watched), [1, 2]);
});

void t.test('heartbeats keep a connection that has nothing to tell', async (t) => {
  const { server, events } = await openWatch(t, { timing: { silence: 500 } });
  const watched = all(events);
  const { response } = await server.visit();
  openStream(response);
  for (let beat = 0; beat < 30; beat += 1) {
    response.write(': still here\n\n');
    // Not a wait for anything: this is the pace, far below the silence that ends a connection and longer than it in all.
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  response.write(succeeded(1));
  t.same(seqs(await watched), [1]);
  t.equal(server.waiting(), 0, 'over one connection');
});

void t.test('an outage is waited out, as long as the service asks for', async (t) => {
  const { server, events, connections } = await openWatch(t);
  const watched = all(events);
  answerProblem(await server.visit(), 503, 'service-unavailable', { 'retry-after': '1' });
  const asked = Date.now();
  const second = await server.visit();
  t.ok(Date.now() - asked >= 990);
  second.response.destroy();
  answerProblem(await server.visit(), 429, 'rate-limited');
  (await server.visit()).response.end('<html>Please sign in to this hotel network</html>');
  const { response } = await server.visit();
  openStream(response);
  response.end(succeeded(1));
  t.same(seqs(await watched), [1]);
  t.same(connections, [false, false, false, false, true]);
});

void t.test('the network coming back ends the wait at once', async (t) => {
  const { server, events, network } = await openWatch(t, {
    timing: { firstRetry: 60_000, longestRetry: 60_000 },
    onConnection: (up) => {
      if (!up) setImmediate(() => network.dispatchEvent(new Event('online')));
    },
  });
  const watched = all(events);
  (await server.visit()).response.destroy();
  const { response } = await server.visit();
  openStream(response);
  response.end(succeeded(1));
  t.same(seqs(await watched), [1]);
});

void t.test('a refusal ends the watch: no such job, or nobody is signed in', async (t) => {
  for (const [status, code] of [
    [404, 'not-found'],
    [401, 'invalid-token'],
  ] as const) {
    const { server, events } = await openWatch(t);
    const watched = all(events);
    answerProblem(await server.visit(), status, code);
    await t.rejects(watched, { name: 'ServiceProblem', status, code });
  }
});

void t.test('the place in line is passed on, whatever its number', async (t) => {
  const { server, events } = await openWatch(t);
  const watched = all(events);
  const place = (position: number) =>
    `event: state\ndata: ${JSON.stringify({ state: 'queued', attempt: 0, position })}\n\n`;
  const { response } = await server.visit();
  openStream(response);
  response.write(frame(1, 'state', { state: 'queued', attempt: 0 }) + place(3) + place(2) + place(1));
  response.write(running(2) + succeeded(3));
  t.match(await watched, [
    { seq: 1 },
    { seq: 1, data: { position: 3 } },
    { seq: 1, data: { position: 2 } },
    { seq: 1, data: { position: 1 } },
    { seq: 2 },
    { seq: 3 },
  ]);
});

void t.test('kinds of events that are not known yet are passed over; broken ones are an error', async (t) => {
  const { server, events } = await openWatch(t);
  const watched: JobEvent[] = [];
  const done = (async () => {
    for await (const event of events) watched.push(event);
  })();
  const { response } = await server.visit();
  openStream(response);
  response.write(
    frame(1, 'thought', { text: 'hm' }) + running(2) + frame(3, 'step', { step: 'Reading', percent: 101 }),
  );
  await t.rejects(done, InvalidJobEvent);
  t.same(seqs(watched), [2]);
  t.equal(server.waiting(), 0, 'and nobody asks for the same again');
});

void t.test('an aborted watch ends quietly and hangs up, connected or waiting', async (t) => {
  const connected = new AbortController();
  const first = await openWatch(t, { signal: connected.signal });
  const watched = all(first.events);
  const { response } = await first.server.visit();
  openStream(response);
  connected.abort();
  t.same(await watched, []);
  await once(response, 'close');

  const waiting = new AbortController();
  const second = await openWatch(t, {
    signal: waiting.signal,
    timing: { firstRetry: 60_000, longestRetry: 60_000 },
    onConnection: () => setImmediate(() => waiting.abort()),
  });
  const ended = all(second.events);
  (await second.server.visit()).response.destroy();
  t.same(await ended, []);
});

void t.test('whoever stops listening hangs up', async (t) => {
  const { server, events } = await openWatch(t);
  const stopped = (async () => {
    for await (const event of events) if (event.seq === 1) break;
  })();
  const { response } = await server.visit();
  openStream(response);
  response.write(running(1));
  await stopped;
  await once(response, 'close');
  t.pass();
});

void t.test('resuming after the very last event ends instead of asking for ever', async (t) => {
  const { server, events } = await openWatch(t, { lastEventId: 9 });
  const watched = all(events);
  const { response } = await server.visit();
  openStream(response);
  response.end('retry: 1\n\n');
  const { request, response: answer } = await server.visit();
  t.equal(request.url, `/jobs/${jobId}`);
  answer.end(JSON.stringify({ id: jobId, state: 'succeeded' }));
  t.same(await watched, []);
});

void t.test('an event without end does not fill the memory', async (t) => {
  const { server, events } = await openWatch(t);
  const watched = all(events);
  const first = await server.visit();
  openStream(first.response);
  first.response.write(`data: ${'x'.repeat(2 * 1024 * 1024)}`);
  await once(first.response, 'close');
  const { response } = await server.visit();
  openStream(response);
  response.end(succeeded(1));
  t.same(seqs(await watched), [1]);
});
