import t from 'tap';
import { isDelta, nextEvent } from '../support/settle.ts';
import { onEachStore } from '../support/stack.ts';

onEachStore('a stream resumes after any number, mid-way, on another copy and after the end', async (t, stack) => {
  const [one, two] = [await stack.api(), await stack.api()];
  await stack.worker({ LLM_DEMO_PACE: '400' });
  const person = await stack.person(one);
  await person.hasProfile();
  const { jobId } = await person.generate();

  const leaving = new AbortController();
  const stream = person.watch(jobId, { signal: leaving.signal });
  const last = await nextEvent(stream, isDelta);
  leaving.abort();
  await t.rejects(stream.next());
  const resumed = await person.at(two.url).watchToEnd(jobId, last.id);
  t.equal(resumed.at(0)?.id, (last.id ?? 0) + 1, 'nothing is missed, nothing repeated');

  const all = await person.watchToEnd(jobId);
  t.same(
    all.map(({ id }) => id),
    all.map((_, index) => index + 1),
  );
  t.same(resumed, all.slice(last.id), 'the rest is the same on another copy');
  for (const after of [0, 1, Math.floor(all.length / 2), all.length - 1]) {
    t.same(await person.watchToEnd(jobId, after), all.slice(after), `after ${after} of ${all.length}`);
  }
  t.same(await person.watchToEnd(jobId, all.length), [], 'nothing after the end');
  t.same(await person.watchToEnd(jobId, 999_999), [], 'nor from the future');

  const response = await fetch(`${one.url}/jobs/${jobId}/events`, {
    headers: { authorization: `Bearer ${person.token}`, 'last-event-id': 'senseless' },
  });
  t.match(response.headers.get('content-type'), 'text/event-stream');
  t.equal(response.headers.get('cache-control'), 'no-cache, no-transform');
  t.match(await response.text(), /^retry: 1000\n\nid: 1\nevent: state\n/);
});

onEachStore('whoever waits is told the place in line', async (t, stack) => {
  const api = await stack.api();
  const person = await stack.person(api);
  await person.hasProfile();
  const first = await person.generate();
  const second = await person.generate();
  const stream = person.watch(second.jobId);
  const placed = await nextEvent(stream, ({ data }) => data['position'] !== undefined);
  t.same(
    placed,
    { event: 'state', data: { state: 'queued', attempt: 0, position: 2 } },
    'without a number: it is no part of the history',
  );
  await person.send('DELETE', `/jobs/${first.jobId}`);
  t.match(await nextEvent(stream, ({ data }) => data['position'] !== undefined), { data: { position: 1 } });
  await stream.return(undefined);
});

onEachStore('streams end when the api stops, and go on elsewhere', async (t, stack) => {
  const [one, two] = [await stack.api(), await stack.api()];
  await stack.worker({ LLM_DEMO_PACE: '300' });
  const person = await stack.person(one);
  await person.hasProfile();
  const { jobId } = await person.generate();
  const stream = person.watch(jobId);
  let last = await nextEvent(stream, isDelta);
  const stopped = one.stop();
  for await (const event of stream) last = event;
  await stopped;
  const rest = await person.at(two.url).watchToEnd(jobId, last.id);
  t.equal(rest.at(0)?.id, (last.id ?? 0) + 1);
  t.match(rest.at(-1), { data: { state: 'succeeded' } });
});
void t;
