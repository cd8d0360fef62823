import t from 'tap';
import type { GeneratePlanAnswer } from '@alva/validation';
import { converse } from '../support/conversation.ts';
import { finishedPlan } from '../support/finished-plan.ts';
import { createStack, onEachStore } from '../support/stack.ts';
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

void t.test('35: a repeated request gets the first answer, also when what it was about is deleted', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const worker = await stack.worker();
  const person = await stack.person(api);
  const plan = await finishedPlan(person);
  await worker.stop();
  const stopped = await person.generate();
  await person.send('DELETE', `/jobs/${stopped.jobId}`);
  const chat = await converse(person);

  const section = plan.sections[0]?.id;
  const requests = [
    [`/plans/${plan.id}/regenerate`, { section }, 202],
    [`/plans/${plan.id}/tasks`, { title: 'Call the printer', dueDate: '2027-02-28' }, 201],
    [`/plans/${stopped.planId}/retry`, undefined, 202],
    [`${chat.path}/messages`, { content: 'What now?' }, 202],
  ] as const;
  const ask = async ([path, body, status]: (typeof requests)[number], index: number) => {
    const reply = await person.send('POST', path, body, { 'idempotency-key': `request-${index}` });
    t.equal(reply.status, status, path);
    return reply.body;
  };
  const first = await Promise.all(requests.map(ask));
  for (const path of [`/plans/${plan.id}`, `/plans/${stopped.planId}`, chat.path])
    t.equal((await person.send('DELETE', path)).status, 204);
  t.strictSame(await Promise.all(requests.map(ask)), first);
  t.equal((await stack.database.sql`select from app.jobs where state = 'queued'`).length, 0, 'and nothing is begun');

  const key = { 'idempotency-key': 'request-0' };
  const other = await person.send('POST', `${chat.path}/messages`, { content: 'What now?' }, key);
  t.match(other, { status: 409, body: { code: 'idempotency-key-reused' } });
  t.equal((await person.send('POST', `${chat.path}/messages`, { content: 'What now?' })).status, 404);
});
