import { runWholeLife } from './support/child-processes.ts';
import { eventually } from './support/eventually.ts';
import { promise } from './support/stores.ts';

promise('closing leaves nothing open: the process ends by itself', async (t, store) => {
  t.equal(await runWholeLife(store.location), 0);
});

promise('closing twice, or during an outage, ends as well', async (_t, store) => {
  const line = await store.line();
  const queues = await store.open(line.location);
  queues.worker('jobs', async () => undefined);
  await queues.queue('jobs').counts();
  await line.cut();
  await Promise.all([queues.close(), queues.close()]);
  await eventually(async () => (await store.connections()).length === 0 || undefined);
});
