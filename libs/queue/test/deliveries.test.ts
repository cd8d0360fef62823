import { randomUUID } from 'node:crypto';
import { RetryLaterError, type DeliveryAbortedError, type Queues } from '../src/index.ts';
import { startWorkerProcess } from './support/child-processes.ts';
import { promise } from './support/stores.ts';

/** Deliveries are handed to workers in order, so when the last is done the ones before were seen. */
async function addLast(queues: Queues): Promise<string> {
  const id = randomUUID();
  await queues.queue('jobs').add({ jobId: id }, { id });
  return id;
}

promise('a delivery added twice is delivered once', async (t, store) => {
  const queues = await store.open();
  const id = randomUUID();
  const last = randomUUID();
  const seen: string[] = [];
  const done = Promise.withResolvers<unknown>();
  await Promise.all(Array.from({ length: 20 }, () => queues.queue('jobs').add({ jobId: id }, { id })));
  (await store.open()).worker('jobs', async ({ payload }) => {
    seen.push(payload.jobId);
    if (payload.jobId === last) done.resolve(undefined);
    else {
      await queues.queue('jobs').add({ jobId: id }, { id });
      await queues.queue('jobs').add({ jobId: last }, { id: last });
    }
  });
  await done.promise;
  t.same(seen, [id, last]);
});

promise('a delivery taken back in time is never delivered', async (t, store) => {
  const queues = await store.open();
  const id = randomUUID();
  await queues.queue('jobs').add({ jobId: id }, { id });
  t.equal(await queues.queue('jobs').remove(id), true);
  const last = await addLast(queues);
  const first = await new Promise<string>((resolve) => {
    queues.worker('jobs', async ({ payload }) => resolve(payload.jobId));
  });
  t.equal(first, last);
});

promise('a delivery that is worked on cannot be taken back, but its worker can be told', async (t, store) => {
  const queues = await store.open();
  const id = randomUUID();
  await queues.queue('jobs').add({ jobId: id }, { id });
  const started = Promise.withResolvers<unknown>();
  const stopped = Promise.withResolvers<DeliveryAbortedError>();
  const worker = queues.worker('jobs', async (_delivery, signal) => {
    started.resolve(undefined);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    stopped.resolve(signal.reason as DeliveryAbortedError);
  });
  await started.promise;
  t.equal(await queues.queue('jobs').remove(id), false);
  t.equal(worker.abort(randomUUID()), false, 'somebody else’s delivery is not here');
  t.equal(worker.abort(id), true);
  t.match(await stopped.promise, { name: 'AbortError', why: 'cancelled' });
});

promise('23: what an error quotes reaches neither the store nor the log', async (t, store) => {
  const queues = await store.open();
  const id = randomUUID();
  const over = Promise.withResolvers<unknown>();
  queues.worker('jobs', async ({ lastAttempt }) => {
    if (lastAttempt) over.resolve(undefined);
    const broken = Object.assign(new Error('Failed query: select $1\nparams: ada@example.com'), { code: '57P01' });
    throw broken;
  });
  await queues.queue('jobs').add({ jobId: id }, { id, attempts: 2, backoff: 10 });
  await over.promise;
  let contents: string;
  while (!(contents = await store.contents()).includes('Error (57P01)')) await new Promise(setImmediate);
  t.match(contents, id);
  t.notMatch(contents, 'ada@example.com');
  while (!store.errors().includes('Failed query')) await new Promise(setImmediate);
  t.notMatch(store.errors(), 'ada@example.com');
});

promise('a delivery that fails is tried again, as often as was asked for', async (t, store) => {
  const queues = await store.open();
  const id = randomUUID();
  const attempts: unknown[] = [];
  const over = Promise.withResolvers<unknown>();
  queues.worker('jobs', async ({ attempt, lastAttempt }) => {
    attempts.push({ attempt, lastAttempt });
    if (lastAttempt) over.resolve(undefined);
    throw new Error('no luck');
  });
  await queues.queue('jobs').add({ jobId: id }, { id, attempts: 3, backoff: 10 });
  await over.promise;
  t.same(attempts, [
    { attempt: 1, lastAttempt: false },
    { attempt: 2, lastAttempt: false },
    { attempt: 3, lastAttempt: true },
  ]);
});

promise('whoever says when to come back is called then', async (t, store) => {
  const queues = await store.open();
  const id = randomUUID();
  const times: number[] = [];
  const over = Promise.withResolvers<unknown>();
  queues.worker('jobs', async () => {
    times.push(performance.now());
    if (times.length === 1) throw new RetryLaterError('busy', 400.25);
    over.resolve(undefined);
  });
  await queues.queue('jobs').add({ jobId: id }, { id, backoff: 1 });
  await over.promise;
  const [first = 0, second = 0] = times;
  t.ok(second - first >= 400, `came back after ${second - first} ms`);
});

promise('a sweeper can have a finished delivery delivered again, and leaves a waiting one alone', async (t, store) => {
  const queues = await store.open();
  const id = randomUUID();
  const seen: string[] = [];
  let next = Promise.withResolvers<unknown>();
  await queues.queue('jobs').addAgain({ jobId: id }, { id });
  await Promise.all(Array.from({ length: 5 }, () => queues.queue('jobs').addAgain({ jobId: id }, { id })));
  const worker = await store.open();
  worker.worker('jobs', async ({ payload }) => {
    seen.push(payload.jobId);
    next.resolve(undefined);
  });
  await next.promise;
  next = Promise.withResolvers();
  await worker.close();
  await queues.queue('jobs').addAgain({ jobId: id }, { id });
  queues.worker('jobs', async ({ payload }) => {
    seen.push(payload.jobId);
    next.resolve(undefined);
  });
  await next.promise;
  t.same(seen, [id, id]);
});

promise('a delivery with a strange payload fails at once and nothing else does', async (t, store) => {
  const queues = await store.open();
  await queues.queue('jobs').bull.add('jobs', { userId: 'root' }, { jobId: randomUUID(), attempts: 3 });
  const last = await addLast(queues);
  const first = await new Promise<string>((resolve) => {
    queues.worker('jobs', async ({ payload }) => resolve(payload.jobId), { concurrency: 1 });
  });
  t.equal(first, last);
  t.match(await queues.queue('jobs').counts(), { failed: 1, delayed: 0 });
});

promise('a closing worker puts its delivery back, without losing an attempt', async (t, store) => {
  const queues = await store.open();
  const leaving = await store.open();
  const id = randomUUID();
  const started = Promise.withResolvers<unknown>();
  leaving.worker(
    'jobs',
    async (_delivery, signal) => {
      started.resolve(undefined);
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    },
    { grace: 0 },
  );
  await queues.queue('jobs').add({ jobId: id }, { id, attempts: 1 });
  await started.promise;
  await leaving.close();
  t.match(await queues.queue('jobs').counts(), { waiting: 1, active: 0 });
  const delivery = await new Promise((resolve) => {
    queues.worker('jobs', async (received) => resolve(received));
  });
  t.match(delivery, { id, attempt: 1, lastAttempt: true });
});

promise('a closing worker lets work finish while its grace lasts', async (t, store) => {
  const queues = await store.open();
  const leaving = await store.open();
  const id = randomUUID();
  const started = Promise.withResolvers<unknown>();
  const finish = Promise.withResolvers<unknown>();
  leaving.worker('jobs', async () => {
    started.resolve(undefined);
    await finish.promise;
  });
  await queues.queue('jobs').add({ jobId: id }, { id });
  await started.promise;
  const closed = leaving.close();
  finish.resolve(undefined);
  await closed;
  t.match(await queues.queue('jobs').counts(), { waiting: 0, active: 0, delayed: 0, failed: 0 });
  t.equal(await queues.queue('jobs').bull.getJobState(id), 'completed');
});

promise('the delivery of a worker killed by -9 is taken over by the next', async (t, store) => {
  const queues = await store.open();
  const id = randomUUID();
  await queues.queue('jobs').add({ jobId: id }, { id, attempts: 1 });
  const options = { lockDuration: 1_000, stalledInterval: 300 };
  for (let crash = 1; crash <= 2; crash += 1) {
    const victim = await startWorkerProcess(t, store.location, options);
    t.equal(await victim.taken, id);
    await victim.kill();
  }
  const delivery = await new Promise((resolve) => {
    queues.worker('jobs', async (received) => resolve(received), options);
  });
  t.match(delivery, { id, attempt: 1 }, 'however often it happens, and without costing an attempt');
});
