import { randomUUID } from 'node:crypto';
import { openQueues, type QueuesOptions } from '../../src/index.ts';
import { silent } from './silent.ts';

const { location } = JSON.parse(process.argv[2] ?? '') as {
  location: Pick<QueuesOptions, 'databaseUrl' | 'redisUrl' | 'redisPrefix'>;
};
const queues = await openQueues({ ...location, role: 'alva_auth', logger: silent });
const heard = Promise.withResolvers<unknown>();
const worked = Promise.withResolvers<unknown>();
queues.topics.subscribe('jobs.*', heard.resolve);
queues.worker('mail', async () => worked.resolve(undefined));
queues.worker('jobs', async () => undefined);
await queues.topics.publish('jobs.1', {});
await queues.queue('mail').add({ sealed: 'x' }, { id: randomUUID() });
await Promise.all([heard.promise, worked.promise]);
// No process.exit(): an open handle would keep this process, and the test, alive.
await queues.close();
