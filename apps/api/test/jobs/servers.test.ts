import { setTimeout as delay } from 'node:timers/promises';
import { createTestDatabase, startPrivateServer } from '@alva/testing';
import t from 'tap';
import { accept, isBeingWritten, proveSettled, roomy, slowModel, type Accepted } from '../support/faults.ts';
import type { Person } from '../support/person.ts';
import { createStack, type StoreName } from '../support/stack.ts';

const hasRedis = process.env['ALVA_TEST_REDIS_URL'] !== undefined;
const stores: StoreName[] = hasRedis ? ['postgres', 'redis'] : ['postgres'];
// Side by side: what takes time here is mostly waiting.
t.jobs = 3;
const buffered = { buffered: true };

for (const store of stores) {
  t.test(`33: Postgres is stopped mid-run and started again, with the queue on ${store}`, buffered, async (t) => {
    const server = await startPrivateServer(t, 'postgres');
    const stack = await createStack(t, store, await createTestDatabase(t, server.url));
    const model = await slowModel(t);
    const api = await stack.api(roomy);
    await stack.worker({ ...model, WORKER_CONCURRENCY: '2' });
    const person = await stack.person(api);
    await person.hasProfile();
    const all: Accepted[] = [];
    // A fast shutdown, then one that leaves the rest to recovery.
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
      all.push(...(await acceptInTheMiddle(person)));
      await server.stop(signal);
      t.equal((await person.send('GET', '/plans')).status, 503);
      t.equal((await person.send('POST', '/plans/generate', {})).status, 503);
      await server.start();
      while ((await person.send('GET', '/plans')).status !== 200) await delay(20);
      all.push(await accept(() => person));
    }
    await proveSettled(t, stack, person, all);
  });
}

if (hasRedis) {
  t.test('33: Redis is stopped mid-run, and killed, and started again with what it had', buffered, async (t) => {
    const server = await startPrivateServer(t, 'redis');
    const stack = await createStack(t);
    const model = await slowModel(t);
    const api = await stack.api({ ...roomy, REDIS_URL: server.url });
    await stack.worker({ ...model, REDIS_URL: server.url, WORKER_CONCURRENCY: '2' });
    const person = await stack.person(api);
    await person.hasProfile();
    const all: Accepted[] = [];
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      all.push(...(await acceptInTheMiddle(person)));
      await server.stop(signal);
      all.push(await accept(() => person));
      await server.start();
      all.push(await accept(() => person));
    }
    await proveSettled(t, stack, person, all);
  });
} else {
  t.comment('NOT TESTED ON REDIS: set ALVA_TEST_REDIS_URL to keep these promises there too');
}

/** Jobs of which some are being written and some wait, each with an open stream. */
async function acceptInTheMiddle(person: Person): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  for (let count = 0; count < 5; count++) accepted.push(await accept(() => person));
  await Promise.race(accepted.map(isBeingWritten));
  return accepted;
}
