import t from 'tap';
import type { GeneratePlanAnswer } from '@alva/validation';
import { onEachStore } from '../support/stack.ts';
import { profile } from '../support/profile.ts';

onEachStore(
  '30: an idempotency key never makes two plans, also in parallel, across copies and after a restart',
  async (t, stack) => {
    const [one, two] = [await stack.api(), await stack.api()];
    const person = await stack.person(one);
    await person.hasProfile();
    const key = { 'idempotency-key': 'one-plan-please' };
    const ask = (url: string, body: unknown = {}) =>
      person.at(url).send<GeneratePlanAnswer>('POST', '/plans/generate', body, key);

    const replies = await Promise.all(Array.from({ length: 100 }, (_, index) => ask(index % 2 ? one.url : two.url)));
    const [first] = replies;
    t.ok(replies.every(({ status }) => status === 202));
    t.ok(
      replies.every(({ body }) => body.planId === first?.body.planId && body.jobId === first.body.jobId),
      'one answer for all',
    );
    t.ok(replies.every(({ headers }) => headers.get('location') === `/jobs/${first?.body.jobId ?? ''}`));
    t.equal((await stack.database.sql`select from app.plans`).length, 1);
    t.equal((await stack.database.sql`select from app.jobs`).length, 1);
    t.match(await one.resources.queues.queue('jobs').counts(), { waiting: 1, active: 0, delayed: 0 });

    await one.stop();
    await two.stop();
    const restarted = await stack.api();
    t.same((await ask(restarted.url)).body, first?.body, 'the same after a restart');
    t.match(await ask(restarted.url, { clientProfile: profile }), {
      status: 409,
      body: { code: 'idempotency-key-reused' },
    });

    const neighbour = await stack.person(restarted);
    await neighbour.hasProfile();
    t.not((await neighbour.generate(key)).planId, first?.body.planId, 'a key belongs to one person');
    t.not(
      (await person.at(restarted.url).generate()).planId,
      first?.body.planId,
      'without a key every request is a new one',
    );
  },
);

void t.test;
