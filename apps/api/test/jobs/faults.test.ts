import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { openTcpProxy } from '@alva/testing';
import t from 'tap';
import { accept, isBeingWritten, proveSettled, roomy, slowModel, type Accepted } from '../support/faults.ts';
import { onEachStore } from '../support/stack.ts';

onEachStore(
  '33: the queue store stops mid-run and starts anew with nothing in it, and two workers go on as if nothing had been',
  async (t, stack) => {
    const model = await slowModel(t);
    const line = await openTcpProxy(t, stack.redis?.url ?? stack.database.url);
    const byLine = { [stack.redis ? 'REDIS_URL' : 'DATABASE_URL']: line.url };
    const api = await stack.api({ ...roomy, ...byLine });
    await stack.worker({ ...model, ...byLine, WORKER_CONCURRENCY: '2' });
    await stack.worker({ ...model, ...byLine, WORKER_CONCURRENCY: '2' });
    const person = await stack.person(api);
    await person.hasProfile();
    const all: Accepted[] = [];
    for (let count = 0; count < 8; count++) all.push(await accept(() => person));
    await Promise.race(all.map(isBeingWritten));
    line.cut();
    await stack.flushQueue();
    // On Redis the row is enough to be accepted.
    if (stack.redis) all.push(await accept(() => person));
    else t.equal((await person.send('POST', '/plans/generate', {})).status, 503);
    line.restore();
    while ((await person.send('GET', '/plans')).status !== 200) await delay(50);
    all.push(await accept(() => person));
    await proveSettled(t, stack, person, all);
  },
);

onEachStore('33: Postgres hangs up on everybody, again and again, and every job still ends once', async (t, stack) => {
  const model = await slowModel(t);
  const api = await stack.api(roomy);
  await stack.worker({ ...model, WORKER_CONCURRENCY: '4' });
  const person = await stack.person(api);
  await person.hasProfile();
  const all: Accepted[] = [];
  for (let count = 0; count < 6; count++) {
    all.push(await accept(() => person));
    await stack.database.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'postgres.js'`;
    while ((await person.send('GET', '/plans')).status !== 200) await delay(20);
  }
  await proveSettled(t, stack, person, all);
});

onEachStore(
  'streams go on at the next process when an api is told to stop, and when it is killed',
  async (t, stack) => {
    const model = await slowModel(t);
    let { url, child } = await stack.apiProcess(roomy);
    const base = await stack.person({ url });
    await base.hasProfile();
    const person = () => base.at(url);
    await stack.worker({ ...model, WORKER_CONCURRENCY: '2' });
    const all: Accepted[] = [];
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const job = await accept(person);
      all.push(job, await accept(person));
      await isBeingWritten(job);
      const gone = once(child, 'exit');
      child.kill(signal);
      t.same(await gone, signal === 'SIGTERM' ? [0, null] : [null, signal]);
      ({ url, child } = await stack.apiProcess(roomy));
    }
    await proveSettled(t, stack, person(), all);
  },
);
void t;
