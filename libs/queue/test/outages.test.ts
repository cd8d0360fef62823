import { randomUUID } from 'node:crypto';
import { openQueues, QueueUnavailableError, type Queues } from '../src/index.ts';
import { eventually } from './support/eventually.ts';
import { silent } from './support/silent.ts';
import { promise } from './support/stores.ts';

/** Everything a process does with its queues, to see whether all of it works. */
function use(queues: Queues) {
  const received = new Map<string, (value?: unknown) => void>();
  const resynced = Promise.withResolvers<unknown>();
  queues.worker('jobs', async ({ id }) => received.get(id)?.());
  queues.topics.subscribe(
    'jobs.*',
    (_message, topic) => received.get(topic)?.(),
    () => resynced.resolve(true),
  );
  const arrival = (key: string) => new Promise((resolve) => received.set(key, resolve));

  return {
    resynced: resynced.promise,
    works: async (): Promise<boolean> => {
      const id = randomUUID();
      const arrivals = Promise.all([arrival(id), arrival(`jobs.${id}`)]);
      await eventually(async () => {
        await queues.queue('jobs').add({ jobId: id }, { id });
        await queues.topics.publish(`jobs.${id}`, {});
        return true;
      });
      await arrivals;
      await queues.check();
      return true;
    },
  };
}

promise(
  'workers and subscribers outlive the loss of every connection, and are told that they may have missed something',
  async (t, store) => {
    const queues = await store.open();
    const { works, resynced } = use(queues);
    t.ok(await works(), 'before');
    t.same(store.warnings(), []);
    await store.killConnections();
    await resynced;
    t.ok(await works(), 'after');
    t.same(store.warnings(), ['the queue is reached again'], 'who was told that it is lost is told that it is back');
  },
);

promise('what is opened while the store is down works once it is up', async (t, store) => {
  const line = await store.line();
  await line.cut();
  const queues = await store.open(line.location);
  const { works, resynced } = use(queues);
  await t.rejects(queues.check(), QueueUnavailableError);
  await line.mend();
  await resynced;
  t.ok(await works());
});

for (const [outage, state] of [
  ['cut', 'cut'],
  ['freeze', 'frozen'],
] as const) {
  promise(
    `whoever asks while the line is ${state} is answered within 3 s, and all works again after it`,
    async (t, store) => {
      const line = await store.line();
      const queues = await store.open(line.location);
      const { works, resynced } = use(queues);
      t.ok(await works(), 'before');
      await line[outage]();
      const id = randomUUID();
      const asked = performance.now();
      await Promise.all([
        t.rejects(queues.queue('jobs').add({ jobId: id }, { id }), QueueUnavailableError),
        t.rejects(queues.topics.publish(`jobs.${id}`, {}), QueueUnavailableError),
        t.rejects(queues.check(), QueueUnavailableError),
      ]);
      t.ok(performance.now() - asked < 3_000);
      await line.mend();
      await resynced;
      t.ok(await works(), 'after');
    },
  );
}

promise('work that ends during an outage is done once and counted as done', async (t, store) => {
  const line = await store.line();
  const [queues, worker] = await Promise.all([store.open(), store.open(line.location)]);
  const id = randomUUID();
  const started = Promise.withResolvers<unknown>();
  const finish = Promise.withResolvers<unknown>();
  let turns = 0;
  worker.worker('jobs', async () => {
    turns += 1;
    started.resolve(undefined);
    await finish.promise;
  });
  await queues.queue('jobs').add({ jobId: id }, { id });
  await started.promise;
  await line.cut();
  finish.resolve(undefined);
  await t.rejects(worker.check(), QueueUnavailableError);
  await line.mend();
  await eventually(async () => ((await queues.queue('jobs').bull.getJobState(id)) === 'completed' ? true : undefined));
  t.equal(turns, 1);
});

promise('a worker that was cut off while another took over is told to stop', async (t, store) => {
  const line = await store.line();
  const [queues, cutOff] = await Promise.all([store.open(), store.open(line.location)]);
  const options = { lockDuration: 1_000, stalledInterval: 300 };
  const id = randomUUID();
  const started = Promise.withResolvers<unknown>();
  const stopped = Promise.withResolvers<unknown>();
  cutOff.worker(
    'jobs',
    async (_delivery, signal) => {
      started.resolve(true);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      stopped.resolve(signal.reason);
    },
    options,
  );
  await queues.queue('jobs').add({ jobId: id }, { id });
  await started.promise;
  line.freeze();
  const takenOver = Promise.withResolvers<unknown>();
  const release = Promise.withResolvers<unknown>();
  queues.worker(
    'jobs',
    async () => {
      takenOver.resolve(true);
      await release.promise;
    },
    options,
  );
  await takenOver.promise;
  await line.mend();
  t.match(await stopped.promise, { why: 'lock-lost' });
  release.resolve(true);
});

promise('no error carries a password, a payload or an address', async (t, store) => {
  const line = await store.line();
  const url = new URL(store.location.redisUrl ?? store.location.databaseUrl);
  const withSecret = (href: string) =>
    Object.assign(new URL(href), { username: 'nobody', password: 'open-sesame' }).href;
  const there = store.name === 'redis' ? { redisUrl: withSecret(url.href) } : { databaseUrl: withSecret(url.href) };
  const gone = store.name === 'redis' ? { redisUrl: withSecret(line.url) } : { databaseUrl: withSecret(line.url) };
  await line.cut();
  for (const location of [there, gone]) {
    const queues = await store.open(location);
    use(queues);
    const error: unknown = await queues
      .queue('mail')
      .add({ sealed: 'from-sesame' }, { id: randomUUID() })
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    t.ok(error instanceof QueueUnavailableError);
    t.notMatch(`${JSON.stringify(error)} ${String((error as Error).stack)}`, /sesame/);
  }
  const nonsense = store.name === 'redis' ? { redisUrl: 'http//:open-sesame' } : { databaseUrl: 'http//:open-sesame' };
  const refusal: unknown = await openQueues({ ...store.location, role: 'alva_app', logger: silent, ...nonsense }).catch(
    (reason: unknown) => reason,
  );
  t.notMatch(`${JSON.stringify(refusal)} ${String((refusal as Error).stack)}`, /sesame/);
  t.notMatch(store.errors(), /sesame/);
  t.match(store.errors(), /cannot be reached|connection failed/);
});
