import t from 'tap';
import type { GeneratePlanAnswer, Plan, PlanSection } from '@alva/validation';
import { finishedPlan, ifMatch } from '../support/finished-plan.ts';
import { hasState, isDelta, nextEvent, waitUntilBlocked } from '../support/settle.ts';
import { createStack } from '../support/stack.ts';

void t.test('one section is written anew, and everything else stays as people made it', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const quick = await stack.worker();
  const person = await stack.person(api);
  const before = await finishedPlan(person);
  await quick.stop();
  const path = `/plans/${before.id}`;
  const [first, section, other] = before.sections as [PlanSection, PlanSection, PlanSection];
  const patch = async (sections: unknown[]) => {
    const { version } = await person.plan(before.id);
    return person.send<Plan>('PATCH', path, { sections }, ifMatch(version));
  };
  const regenerate = (body: unknown, headers?: Record<string, string>) =>
    person.send<GeneratePlanAnswer>('POST', `${path}/regenerate`, body, headers);
  async function finishedPlanOnce(): Promise<Plan> {
    const worker = await stack.worker();
    const plan = await finishedPlan(person);
    await worker.stop();
    return plan;
  }
  const present = async () => (await person.plan(before.id)).sections.find(({ id }) => id === section.id);

  await t.test('it is begun once, however often and by whomever it is asked for', async (t) => {
    const key = { 'idempotency-key': 'another-approach' };
    const body = { section: section.id, wish: 'Say it shorter.' };
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, index) => regenerate(body, index % 2 ? key : undefined)),
    );
    const jobIds = new Set(replies.flatMap(({ status, body: { jobId } }) => (status === 202 ? [jobId] : [])));
    t.equal(jobIds.size, 1);
    t.ok(replies.every(({ status, body }) => status === 202 || ('code' in body && body.code === 'section-in-work')));
    const [jobId = ''] = jobIds;
    t.match(await present(), { jobId, body: section.body, previous: null }, 'whoever comes back finds the job');
    t.equal((await person.plan(before.id)).version, before.version + 1);
    t.match(await person.job(jobId), { type: 'plan.section' });

    t.equal((await person.send('DELETE', `/jobs/${jobId}`)).status, 204);
    t.match(await present(), { jobId: null, body: section.body, previous: null }, 'called off, it stays as it is');
    t.equal((await person.plan(before.id)).version, before.version + 2);
  });

  await t.test(
    'edits made meanwhile are kept: of other sections in place, of this one as what it said before',
    async (t) => {
      const slow = await stack.worker({ LLM_DEMO_PACE: '60' });
      const reply = await regenerate({ section: section.id });
      t.equal(reply.headers.get('location'), `/jobs/${reply.body.jobId}`);
      const watching = person.watch(reply.body.jobId);
      t.match(await nextEvent(watching, isDelta), { data: { part: section.channel } });
      await patch([
        { id: section.id, title: 'By hand', body: 'My own words.' },
        { id: other.id, body: 'Mine too.' },
      ]);
      const { data } = await nextEvent(watching, ({ event }) => event === 'result');
      t.same(data, { planId: before.id, sectionId: section.id });

      const after = await person.plan(before.id);
      const rewritten = after.sections.find(({ id }) => id === section.id);
      t.match(rewritten, {
        previous: { title: 'By hand', body: 'My own words.', generator: null },
        jobId: null,
        generator: null,
        budgetShare: section.budgetShare,
      });
      t.notOk([section.body, 'My own words.'].includes(rewritten?.body ?? ''), 'it is another text');
      const rest = after.sections.filter(({ id }) => id !== section.id);
      t.same(rest, [first, { ...other, body: 'Mine too.' }, ...before.sections.slice(3)]);
      t.same(after.tasks, before.tasks);

      const restored = await patch([{ id: section.id, restore: true }]);
      const swapped = restored.body.sections.find(({ id }) => id === section.id);
      t.match(swapped, { title: 'By hand', body: 'My own words.', previous: { body: rewritten?.body } });
      await patch([{ id: section.id, restore: true }]);
      t.same(await present(), rewritten, 'and the two change places again');
      await slow.stop();
    },
  );

  await t.test('who rewrote it is told, when that is somebody else', async (t) => {
    const { sql } = stack.database;
    await sql`update app.plans set generator = '{"provider": "openai", "model": "gpt-5-mini", "demo": false}'`;
    const worker = await stack.worker();
    const { jobId } = (await regenerate({ section: first.id, wish: 'Another promise.' })).body;
    await person.watchToEnd(jobId);
    const { sections } = await person.plan(before.id);
    t.match(sections[0], { generator: { demo: true }, previous: { body: first.body, generator: null } });
    await worker.stop();
  });

  await t.test(
    'one key for two things at once is had once, and nobody waits for somebody who waits for them',
    async (t) => {
      const task = { title: 'Call the printer', dueDate: '2027-02-28' };
      const addTask = (key: Record<string, string>) => person.send('POST', `${path}/tasks`, task, key);
      const key = { 'idempotency-key': 'one-key-for-two' };
      const both = await stack.database.sql.begin(async (inside) => {
        await inside`select from app.plans where id = ${before.id} for update`;
        const added = addTask(key);
        await waitUntilBlocked(stack.database);
        const rewriting = regenerate({ section: section.id }, key);
        await waitUntilBlocked(stack.database, 2);
        return { added, rewriting };
      });
      t.match(await both.added, { status: 201 });
      t.match(await both.rewriting, { status: 409, body: { code: 'idempotency-key-reused' } });

      for (let round = 0; round < 15; round++) {
        const named = { 'idempotency-key': `one-of-many-${round}` };
        const replies = await Promise.all([
          addTask(named),
          regenerate({ section: section.id }, named),
          addTask(named),
          regenerate({ section: section.id }, named),
        ]);
        const statuses = replies.map(({ status }) => status);
        const [effect, refusal] = statuses[0] === 201 ? [201, 409] : [202, 409];
        t.strictSame(statuses, effect === 201 ? [201, refusal, 201, refusal] : [refusal, 202, refusal, 202]);
        const { jobId } = replies[1].body;
        if (effect === 202) t.equal((await person.send('DELETE', `/jobs/${jobId}`)).status, 204);
      }
    },
  );

  await t.test('a plan that is deleted at that very moment is not there', async (t) => {
    const written = await finishedPlanOnce();
    const asking = await stack.database.sql.begin(async (inside) => {
      await inside`delete from app.plans where id = ${written.id}`;
      const asked = [
        person.send('POST', `/plans/${written.id}/regenerate`, { section: written.sections[0]?.id }),
        person.send('POST', `/plans/${written.id}/tasks`, { title: 'Late', dueDate: '2027-02-28' }),
      ];
      await waitUntilBlocked(stack.database, 2);
      return { asked };
    });
    for (const reply of await Promise.all(asking.asked)) t.match(reply, { status: 404, body: { code: 'not-found' } });
    t.equal((await stack.database.sql`select from app.tasks where title = 'Late'`).length, 0);
  });

  await t.test('a plan deleted meanwhile calls its rewriting off; what makes no sense is refused', async (t) => {
    for (const body of [{}, { section: section.channel }, { section: first.id, wish: '' }, { section: before.id }])
      t.match(await regenerate(body), { status: 422 }, JSON.stringify(body));
    const { jobId } = (await regenerate({ section: section.id })).body;
    t.equal((await person.send('DELETE', path)).status, 204);
    t.match(await person.job(jobId), { state: 'cancelled' });
    t.match(await regenerate({ section: section.id }), { status: 404 });
  });

  await t.test('a plan that is gone when its text arrives ends the job, with a reason', async (t) => {
    await stack.worker({ LLM_DEMO_PACE: '60' });
    const { planId, jobId } = await person.generate();
    const watching = person.watch(jobId);
    await nextEvent(watching, isDelta);
    await stack.database.sql`delete from app.plans where id = ${planId}`;
    await nextEvent(watching, hasState('failed'));
    t.match(await person.job(jobId), { attempt: 1, error: { code: 'plan-deleted' } });
  });
});
