import { openQueues, type QueuesOptions, type WorkerOptions } from '../../src/index.ts';
import { silent } from './silent.ts';

const { location, options } = JSON.parse(process.argv[2] ?? '') as {
  location: Pick<QueuesOptions, 'databaseUrl' | 'redisUrl' | 'redisPrefix'>;
  options: WorkerOptions;
};
const queues = await openQueues({ ...location, role: 'alva_app', logger: silent });
queues.worker(
  'jobs',
  async ({ id }) => {
    process.stdout.write(`${id}\n`);
    await new Promise(() => undefined);
  },
  options,
);
