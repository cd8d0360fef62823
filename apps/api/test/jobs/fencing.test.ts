import { randomUUID } from 'node:crypto';
import { openQueues } from '@alva/queue';
import { newIdentifier } from '@alva/database';
import { openTcpProxy } from '@alva/testing';
import t, { type Test } from 'tap';
import { createJobEventsStore } from '../../src/jobs/job-events.store.ts';
import { JobFailure } from '../../src/jobs/job-failure.ts';
import { createJobSweepsStore } from '../../src/jobs/job-sweeps.store.ts';
import { createJobsStore } from '../../src/jobs/jobs.store.ts';
import { startSweeper } from '../../src/jobs/sweeper.ts';
import { createWorker, finished, log } from '../support/hand-deliveries.ts';
import { createGate, isDelta, nextEvent } from '../support/settle.ts';
import { createStack, onEachStore, type Api, type Stack } from '../support/stack.ts';

async function createJob(t: Test, stack?: Stack) {
  const used = stack ?? (await createStack(t));
  const api = await used.api();
  const person = await used.person(api);
  await person.hasProfile();
  return { stack: used, api, person, ...(await person.generate()) };
}

void t.test('33: of twenty deliveries at once, one is worked on and the others come back later', async (t) => {
  const { api, person, jobId, planId } = await createJob(t);
  const gate = createGate();
  let runs = 0;
  const deliver = createWorker(api.resources, async () => {
    runs++;
    await gate.passed;
    return finished('once');
  });
  let postponed = 0;
  const deliveries = Array.from({ length: 20 }, () =>
    deliver(jobId).catch(() => {
      if (++postponed === 19) gate.open();
    }),
  );
  await Promise.all(deliveries);
  t.equal(postponed, 19);
  t.equal(runs, 1);
  await deliver(jobId);
  t.equal(runs, 1, 'a delivery after the end does nothing');
  t.match(await person.job(jobId), {
    state: 'succeeded',
    attempt: 1,
    usage: { inputTokens: 10, outputTokens: 5, cost: 0.5 },
  });
  t.match(await person.plan(planId), { title: 'once' });
});

void t.test('what finds no room comes back, the sooner the longer it has waited', async (t) => {
  const { api, person, jobId } = await createJob(t);
  const [began, gate] = [createGate(), createGate()];
  const work = async () => {
    began.open();
    await gate.passed;
    return finished('one at a time');
  };
  const deliver = createWorker(api.resources, work, {}, { atOnce: 1 });
  const [second, third] = [await person.generate(), await person.generate()];
  const first = deliver(jobId);
  await began.passed;
  await t.rejects(deliver(third.jobId), { name: 'RetryLaterError', after: 550 });
  await t.rejects(deliver(second.jobId), { name: 'RetryLaterError', after: 500 });
  t.match(await person.job(second.jobId), { state: 'queued', attempt: 0 });
  gate.open();
  await first;
  await deliver(second.jobId);
  await deliver(third.jobId);
  t.match(await person.job(third.jobId), { state: 'succeeded', attempt: 1 });
});

void t.test('33: a run that was taken over changes nothing any more and is aborted', async (t) => {
  const { stack, api, person, jobId, planId } = await createJob(t);
  const [began, gate] = [createGate(), createGate()];
  let olderSignal: AbortSignal | undefined;
  const older = createWorker(
    api.resources,
    async ({ signal, emit, spent }) => {
      olderSignal = signal;
      spent({ inputTokens: 7, outputTokens: 1, cost: 0.25 });
      emit({ event: 'delta', data: { part: 'summary', text: 'old ' } });
      began.open();
      await gate.passed;
      emit({ event: 'delta', data: { part: 'summary', text: 'older' } });
      spent({ inputTokens: 7_000, outputTokens: 1, cost: 250 });
      return finished('older');
    },
    { beat: 100_000 },
  );
  const newer = createWorker(api.resources, async () => finished('newer'));

  const first = older(jobId);
  await began.passed;
  // What it writes is a sign of life too, so it falls silent only after that.
  await nextEvent(person.watch(jobId), isDelta);
  await stack.database.sql`update app.jobs set heartbeat_at = now() - interval '1 minute' where id = ${jobId}`;
  await newer(jobId);
  gate.open();
  await first;

  t.match(await person.plan(planId), { title: 'newer', generator: { model: 'newer' } });
  const charged = { inputTokens: 17, outputTokens: 6, cost: 0.75 };
  t.match(await person.job(jobId), { attempt: 2, usage: charged }, 'both runs are charged, what is known of each once');
  t.match((await person.send('GET', '/usage')).body, { tokens: { used: 23, reserved: 0 }, cost: { used: 0.75 } });
  const events = await person.watchToEnd(jobId);
  t.notOk(events.some(({ data }) => data['text'] === 'older'));
  t.equal(events.filter(({ event }) => event === 'result').length, 1);
  t.ok(olderSignal?.aborted);
});

void t.test('33: a run notices by its heartbeat that it was cancelled, when no message reaches it', async (t) => {
  const { api, person, jobId } = await createJob(t);
  const began = createGate();
  const deliver = createWorker(
    api.resources,
    async ({ signal }) => {
      began.open();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw signal.reason;
    },
    { beat: 20 },
  );
  const run = deliver(jobId);
  await began.passed;
  await person.send('DELETE', `/jobs/${jobId}`);
  await run;
  t.match(await person.job(jobId), { state: 'cancelled' });
});

void t.test(
  'a job whose provider fails three times is failed, with a reason a person can read and what was written so far',
  async (t) => {
    const { api, person, jobId, planId } = await createJob(t);
    const deliver = createWorker(
      api.resources,
      async ({ emit }) => {
        emit({ event: 'delta', data: { part: 'summary', text: 'Half of ' } });
        const usage = { inputTokens: 1, outputTokens: 1, cost: 0.25 };
        throw new JobFailure({
          code: 'provider-failed',
          detail: 'The provider has a problem.',
          retry: {},
          usage,
          cause: undefined,
        });
      },
      { retry: 1 },
    );
    await t.rejects(deliver(jobId), { name: 'RetryLaterError' });
    t.match(await person.job(jobId), { state: 'queued', attempt: 1 });
    await t.rejects(deliver(jobId), { name: 'RetryLaterError' });
    await deliver(jobId);
    t.match(await person.job(jobId), {
      state: 'failed',
      attempt: 3,
      error: { code: 'provider-failed', detail: 'The provider has a problem.' },
      usage: { inputTokens: 3, outputTokens: 3, cost: 0.75 },
    });
    t.match(
      await person.plan(planId),
      { status: 'failed', summary: '', sections: [] },
      'half an answer is not stored as a whole one',
    );
    const events = await person.watchToEnd(jobId);
    t.match(events.slice(-3), [
      { event: 'delta', data: { text: 'Half of ' } },
      { event: 'error', data: { code: 'provider-failed' } },
      { event: 'state', data: { state: 'failed', attempt: 3 } },
    ]);
  },
);

void t.test(
  'crashes and restarts do not use up the attempts, but a job that takes its workers down ends',
  async (t) => {
    const { stack, api, person, jobId } = await createJob(t);
    const gate = createGate();
    const work = async () => {
      await gate.passed;
      return finished('early');
    };
    const hang = createWorker(api.resources, work, { beat: 100_000 });
    const hanging: Promise<void>[] = [];
    for (let run = 1; run <= 25; run++) {
      hanging.push(hang(jobId).catch(() => undefined));
      while ((await person.job(jobId)).attempt < run);
      await stack.database.sql`update app.jobs set heartbeat_at = now() - interval '1 minute' where id = ${jobId}`;
    }
    await createWorker(api.resources, async () => finished('late'))(jobId);
    t.match(await person.job(jobId), { state: 'failed', attempt: 26, error: { code: 'interrupted' } });
    gate.open();
    await Promise.all(hanging);
  },
);

void t.test('what interrupted runs spent is charged and uses nothing up; what failed runs spent does', async (t) => {
  const { stack, api, person, jobId } = await createJob(t);
  const spentByRun = { inputTokens: 10_000, outputTokens: 5_000, cost: 0.25 };
  const gate = createGate();
  const hang = createWorker(
    api.resources,
    async ({ spent }) => {
      spent(spentByRun);
      await gate.passed;
      return finished('too late');
    },
    { beat: 100_000 },
  );
  const hanging: Promise<void>[] = [];
  for (let run = 1; run <= 3; run++) {
    hanging.push(hang(jobId));
    while ((await person.job(jobId)).usage?.inputTokens !== run * spentByRun.inputTokens);
    await stack.database.sql`update app.jobs set heartbeat_at = now() - interval '1 minute' where id = ${jobId}`;
  }
  const fail = createWorker(
    api.resources,
    () => {
      const usage = spentByRun;
      throw new JobFailure({ code: 'provider-failed', detail: 'The provider has a problem.', retry: {}, usage });
    },
    { retry: 1 },
  );
  await t.rejects(fail(jobId), { name: 'RetryLaterError' }, 'a failed run is tried again all the same');
  await fail(jobId).catch((error: unknown) => t.fail('two that failed have used up what was set aside', { error }));
  gate.open();
  await Promise.all(hanging);
  t.match(await person.job(jobId), {
    state: 'failed',
    attempt: 5,
    error: { code: 'provider-failed' },
    usage: { inputTokens: 50_000, outputTokens: 25_000, cost: 1.25 },
  });
  t.match((await person.send('GET', '/usage')).body, { tokens: { used: 75_000, reserved: 0 }, cost: { used: 1.25 } });
});

onEachStore('33: a flushed queue store loses nothing', async (t, stack) => {
  const { api, person, jobId, planId } = await createJob(t, stack);
  await stack.flushQueue();
  t.match(await api.resources.queues.queue('jobs').counts(), { waiting: 0 });

  await stack.worker();
  await sweepNow(t, api);
  t.match((await person.watchToEnd(jobId)).at(-1), { data: { state: 'succeeded' } });
  t.match(await person.plan(planId), { status: 'ready' });
});

onEachStore('any number of sweepers share the work: a stranded job is added again once', async (t, stack) => {
  const { api, jobId } = await createJob(t, stack);
  await stack.database.sql`update app.jobs set enqueued_at = now() - interval '1 hour' where id = ${jobId}`;
  const store = createJobSweepsStore(api.resources.database);
  const taken = await Promise.all(
    Array.from({ length: 20 }, () => store.takeStranded({ unqueued: 3_000, silent: 20_000 })),
  );
  t.same(taken.flat(), [jobId]);
  t.same(await store.takeStranded({ unqueued: 3_000, silent: 20_000 }), [], 'and not again at once');
  t.match(await api.resources.queues.queue('jobs').counts(), { waiting: 1 });
});

void t.test('after a long stop all that nobody may read any more is forgotten, and nothing else', async (t) => {
  const { stack, api, jobId: young } = await createJob(t);
  const { sql } = stack.database;
  const daysAgo = (days: number) => newIdentifier(Date.now() - days * 86_400_000);
  const old = [daysAgo(400), daysAgo(40), daysAgo(8)];
  const [late, recent] = [daysAgo(9), daysAgo(6)];
  const finish = (id: string, days: number) => sql`
    insert into app.jobs (id, user_id, type, payload, state, finished_at, last_seq)
    values (${id}, ${randomUUID()}, 'plan.generate', '{}', 'succeeded', now() - ${days} * interval '1 day', 2500)`;
  for (const [index, days] of [399, 39, 7.5].entries()) await finish(old[index] ?? '', days);
  await finish(late, 6.5);
  await finish(recent, 6);
  // More than is deleted at once.
  await sql`
    insert into app.job_events (job_id, seq, event, data)
    select id, n, 'step', '{}' from app.jobs, generate_series(2, 2500) n where id <> ${young}`;
  const sweeper = startSweeper({
    store: createJobSweepsStore(api.resources.database),
    queue: api.resources.queues.queue('jobs'),
    logger: log,
    every: 60_000,
  });
  t.teardown(() => sweeper.stop());
  await sweeper.sweep();
  const left = await sql`select distinct job_id as id from app.job_events order by job_id`;
  t.same(
    left.map(({ id }) => String(id)),
    [late, recent, young],
  );
});

void t.test('a job waits from when it could be begun, and not from when it was asked for', async (t) => {
  const { stack, api, jobId } = await createJob(t);
  const { backlog } = createJobsStore(api.resources.database);
  const hourAgo = stack.database.sql`now() - interval '1 hour'`;
  await stack.database.sql`update app.jobs set created_at = ${hourAgo}, due_at = ${hourAgo} where id = ${jobId}`;
  t.ok((await backlog()).oldest >= 3_600);
  const fail = createWorker(api.resources, () => {
    throw new JobFailure({ code: 'provider-busy', detail: 'The provider is busy.', retry: { after: 200_000 } });
  });
  await t.rejects(fail(jobId), { name: 'RetryLaterError', after: 200_000 });
  t.match(await backlog(), { queued: 1, oldest: 0 }, 'nobody may begin it yet');
  await stack.database.sql`update app.jobs set due_at = now() - interval '1 minute' where id = ${jobId}`;
  const { oldest } = await backlog();
  t.ok(oldest >= 60 && oldest < 1_800, `${oldest} s`);
});

void t.test('what could not be written during a long outage is written after it', async (t) => {
  const { api, person, jobId } = await createJob(t);
  const store = createJobEventsStore(api.resources.database);
  const gaveUp = createGate();
  let away = true;
  const events = {
    ...store,
    async append(...batch: Parameters<typeof store.append>) {
      if (!away) return store.append(...batch);
      gaveUp.open();
      throw Object.assign(new Error('The database is away'), { code: 'ECONNREFUSED' });
    },
  };
  const deliver = createWorker(
    api.resources,
    async ({ emit, spent }) => {
      spent({ inputTokens: 3, outputTokens: 1, cost: 0.25 });
      emit({ event: 'delta', data: { part: 'summary', text: 'One, ' } });
      await gaveUp.passed;
      away = false;
      emit({ event: 'delta', data: { part: 'summary', text: 'two.' } });
      return finished('whole');
    },
    // Gives up at once.
    { patience: -1 },
    { events },
  );
  await deliver(jobId);
  const told = await person.watchToEnd(jobId);
  t.equal(told.flatMap(({ event, data }) => (event === 'delta' ? [data['text']] : [])).join(''), 'One, two.');
  t.match(await person.job(jobId), { state: 'succeeded', attempt: 1, usage: { inputTokens: 10 } });
});

onEachStore(
  '33: a lock lost in the queue does not end a run, which has one result and is charged once',
  async (t, stack) => {
    const { api, person, jobId, planId } = await createJob(t, stack);
    const line = await openTcpProxy(t, stack.redis?.url ?? stack.database.url);
    // Only its queue is behind the line: the row says that the run goes on.
    const queues = await openQueues({
      databaseUrl: line.url,
      role: 'alva_app',
      redisUrl: stack.redis && line.url,
      logger: log,
    });
    t.teardown(() => queues.close());
    const options = { lockDuration: 1_000, stalledInterval: 300 };
    const [began, gate] = [createGate(), createGate()];
    const lost = Promise.withResolvers<unknown>();
    let runs = 0;
    const process = async () => {
      runs++;
      began.open();
      await gate.passed;
      return finished('once');
    };
    const deliver = createWorker(api.resources, process);
    queues.worker(
      'jobs',
      ({ payload }, signal) => {
        signal.addEventListener('abort', () => lost.resolve(signal.reason));
        return deliver(payload.jobId, signal);
      },
      options,
    );
    await began.passed;
    line.stall();
    const takenOver = createGate();
    api.resources.queues.worker(
      'jobs',
      ({ payload }, signal) => {
        takenOver.open();
        return deliver(payload.jobId, signal);
      },
      options,
    );
    await takenOver.passed;
    line.restore();
    t.match(await lost.promise, { why: 'lock-lost' });
    t.match(await person.job(jobId), { state: 'running', attempt: 1 });
    gate.open();
    const events = await person.watchToEnd(jobId);
    t.equal(events.filter(({ event }) => event === 'result').length, 1);
    t.match(events.at(-1), { event: 'state', data: { state: 'succeeded', attempt: 1 } });
    t.equal(runs, 1);
    t.match(await person.plan(planId), { title: 'once' });
    t.match((await person.send('GET', '/usage')).body, { tokens: { used: 15, reserved: 0 }, cost: { used: 0.5 } });
  },
);

async function sweepNow(t: Test, { resources: { database, queues } }: Api): Promise<void> {
  const sweeper = startSweeper({
    store: createJobSweepsStore(database),
    queue: queues.queue('jobs'),
    logger: log,
    every: 60_000,
    silent: 0,
  });
  t.teardown(() => sweeper.stop());
  t.ok((await sweeper.sweep()) > 0);
}

void t.test('a kind of job that only newer workers know is left to them', async (t) => {
  const { stack, api, person, jobId } = await createJob(t);
  await stack.database.sql`update app.jobs set type = 'plan.sing' where id = ${jobId}`;
  const deliver = createWorker(api.resources, async () => finished('unasked'));
  await t.rejects(deliver(jobId), { name: 'RetryLaterError' });
  t.match(await person.job(jobId), { state: 'queued', attempt: 0 });
});

void t.test('a delivery for a job that never was does nothing', async (t) => {
  const stack = await createStack(t);
  const deliver = createWorker((await stack.api()).resources, async () => finished('never'));
  await deliver(randomUUID());
  t.pass();
});
