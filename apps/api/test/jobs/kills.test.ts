import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { accept, isBeingWritten, proveSettled, roomy, slowModel, type Accepted } from '../support/faults.ts';
import { onEachStore } from '../support/stack.ts';

// KILLS=100 for the whole promise, which takes some minutes: see bench/README.md.
const kills = Number(process.env['KILLS'] ?? 6);

interface Running {
  id: string;
  attempt: number;
}

onEachStore(
  `32: kill -9 of a worker mid-job, ${kills} times: nothing lost, one result, charged once, back within 75 s`,
  async (t, stack) => {
    const model = await slowModel(t);
    const api = await stack.api(roomy);
    const person = await stack.person(api);
    await person.hasProfile();
    const all: Accepted[] = [];
    const killedAt = new Map<string, number>();
    const running = () => stack.database.sql<Running[]>`select id, attempt from app.jobs where state = 'running'`;
    let kill = 0;
    while (kill < kills) {
      const worker = await stack.workerProcess({ ...model, WORKER_CONCURRENCY: '6' });
      const job = await accept(() => person);
      all.push(job);
      await isBeingWritten(job);
      // What was killed over and over would count as what takes its workers down.
      while ((await running()).some(({ attempt }) => attempt > 12)) await delay(20);
      worker.kill('SIGKILL');
      await once(worker, 'exit');
      const hit = await running();
      for (const { id } of hit) killedAt.set(id, Date.now());
      // On a busy machine all may have been done by then: that was no kill in the middle of anything.
      if (hit.length > 0) kill++;
    }
    await stack.worker(model);
    await proveSettled(t, stack, person, all);
    const back = all.map(({ jobId, endedAt }) => (endedAt - (killedAt.get(jobId) ?? endedAt)) / 1000);
    t.comment(`${stack.store}: ${kills} kills, ${all.length} plans, the last one back after ${Math.max(...back)} s`);
    t.ok(Math.max(...back) < 75);
    const [attempts] = await stack.database.sql`select sum(attempt)::int as runs from app.jobs`;
    t.ok(Number(attempts?.['runs']) >= all.length + kills, `${attempts?.['runs']} runs`);
  },
);

void t;
