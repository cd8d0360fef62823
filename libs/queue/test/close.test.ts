import { runWholeLife } from './support/child-processes.ts';
import { promise } from './support/stores.ts';

promise('closing leaves nothing open: the process ends by itself', async (t, store) => {
  t.equal(await runWholeLife(store.location), 0);
});

for (const outage of ['cut', 'freeze'] as const) {
  promise(
    `closing twice while the line is ${outage === 'cut' ? 'cut' : 'frozen'} ends as well, in time`,
    async (t, store) => {
      const line = await store.line();
      const queues = await store.open(line.location);
      queues.worker('jobs', async () => undefined);
      await queues.queue('jobs').counts();
      await line[outage]();
      const started = performance.now();
      await Promise.all([queues.close(), queues.close()]);
      t.ok(performance.now() - started < 5_000);
    },
  );
}
