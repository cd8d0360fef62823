import { randomUUID } from 'node:crypto';
import { type Delivery } from '../src/index.ts';
import { promise } from './support/stores.ts';

promise('a delivery added twice is delivered once', async (t, store) => {
  const api = await store.open();
  const worker = await store.open();
  const id = randomUUID();
  const last = randomUUID();
  const seen: string[] = [];
  const done = Promise.withResolvers<unknown>();
  await Promise.all(Array.from({ length: 20 }, () => api.queue('jobs').add({ jobId: id }, { id })));
  worker.worker('jobs', async ({ payload }) => {
    seen.push(payload.jobId);
    if (payload.jobId === last) done.resolve(undefined);
  });
  await api.queue('jobs').add({ jobId: id }, { id });
  await api.queue('jobs').add({ jobId: last }, { id: last });
  await done.promise;
  t.same(seen, [id, last]);
});
