import t from 'tap';
import { type Queues } from '../src/index.ts';
import { createSwitchboard } from '../src/topics.ts';
import { promise } from './support/stores.ts';

/** Messages arrive in the order they were published, so after this one nothing said before is still under way. */
async function untilHeard(listener: Queues, speaker: Queues): Promise<void> {
  const heard = Promise.withResolvers<unknown>();
  const unsubscribe = listener.topics.subscribe('test.end', heard.resolve);
  await speaker.topics.publish('test.end', {});
  await heard.promise;
  unsubscribe();
}

promise('a message reaches every subscriber, on other connections and on its own', async (t, store) => {
  const [speaker, one, two] = await Promise.all([store.open(), store.open(), store.open()]);
  const heard: unknown[] = [];
  for (const [name, { topics }] of Object.entries({ speaker, one, two })) {
    topics.subscribe('jobs.1', (message, topic) => heard.push([name, topic, message]));
  }
  await speaker.topics.publish('jobs.1', { seq: 7, text: 'grün – 日本語\n' });
  await Promise.all([speaker, one, two].map((listener) => untilHeard(listener, speaker)));
  const message = { seq: 7, text: 'grün – 日本語\n' };
  t.same(heard.sort(), [
    ['one', 'jobs.1', message],
    ['speaker', 'jobs.1', message],
    ['two', 'jobs.1', message],
  ]);
});

promise('a pattern hears its topics and no others', async (t, store) => {
  const queues = await store.open();
  const heard: string[] = [];
  queues.topics.subscribe('sessions.*.revoked', (_message, topic) => heard.push(topic));
  for (const topic of [
    'sessions.a.revoked',
    'sessions.a',
    'sessions.a.b.revoked',
    'jobs.a.revoked',
    'sessions.b.revoked',
  ]) {
    await queues.topics.publish(topic, {});
  }
  await untilHeard(queues, queues);
  t.same(heard, ['sessions.a.revoked', 'sessions.b.revoked']);
});

promise('who unsubscribed hears nothing more, and the others go on hearing', async (t, store) => {
  const queues = await store.open();
  const heard: string[] = [];
  const unsubscribe = queues.topics.subscribe('jobs.1', () => heard.push('gone'));
  queues.topics.subscribe('jobs.1', () => heard.push('there'));
  unsubscribe();
  unsubscribe();
  await queues.topics.publish('jobs.1', {});
  await untilHeard(queues, queues);
  // A rejection is noticed a turn later.
  await new Promise(setImmediate);
  t.same(heard, ['there']);
});

promise('a subscriber that fails is logged and does not disturb the others', async (t, store) => {
  const queues = await store.open();
  const heard: string[] = [];
  queues.topics.subscribe('jobs.1', () => {
    throw new Error('first failure');
  });
  queues.topics.subscribe('jobs.1', () => Promise.reject(new Error('second failure')));
  queues.topics.subscribe('jobs.1', () => heard.push('there'));
  await queues.topics.publish('jobs.1', {});
  await untilHeard(queues, queues);
  t.same(heard, ['there']);
  // A rejection is noticed a turn later than what is thrown.
  await new Promise(setImmediate);
  t.match(store.errors(), /first failure.*second failure/s);
});

promise('nothing said is lost when a thousand speak at once', async (t, store) => {
  const [speaker, listener] = await Promise.all([store.open(), store.open()]);
  const heard = new Set<unknown>();
  for (let stream = 0; stream < 1_000; stream += 1) {
    listener.topics.subscribe(`jobs.${stream}`, (_message, topic) => heard.add(topic));
  }
  await Promise.all(Array.from({ length: 1_000 }, (_, stream) => speaker.topics.publish(`jobs.${stream}`, { seq: 1 })));
  await untilHeard(listener, speaker);
  t.equal(heard.size, 1_000);
});

promise('a process listens on one connection, however many streams it serves', async (t, store) => {
  const queues = await store.open();
  for (let stream = 0; stream < 1_000; stream += 1) queues.topics.subscribe(`jobs.${stream}`, () => undefined);
  await untilHeard(queues, queues);
  const listening = (await store.connections()).filter((name) => name.endsWith('topics'));
  t.equal(listening.length, 1);
});

promise('what does not fit a message is refused on every store alike', async (t, store) => {
  const queues = await store.open();
  await t.rejects(queues.topics.publish('jobs.1', 'x'.repeat(8_000)), RangeError);
  await t.rejects(queues.topics.publish('jobs.*', {}), RangeError);
  await t.rejects(queues.topics.publish('jobs 1', {}), RangeError);
  await queues.topics.publish('jobs.1', 'x'.repeat(7_990));
});

t.test('what others say on the channel ends nothing and reaches nobody', async (t) => {
  const reports: string[] = [];
  const { events, subscribe } = createSwitchboard({
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    report: (message) => reports.push(message),
  });
  const heard: unknown[] = [];
  subscribe('sessions.*.revoked', (message) => heard.push(message));
  for (const line of ['sessions.1.revoked {', 'sessions.1.revoked', '', '{}']) events.onLine(line);
  events.onLine('sessions.1.revoked {"sid":"1"}');
  await new Promise(setImmediate);
  t.strictSame(heard, [{ sid: '1' }]);
  t.strictSame(new Set(reports), new Set(['a message cannot be read']));
});
