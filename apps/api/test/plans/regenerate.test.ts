import t from 'tap';
import type { GeneratePlanAnswer, Plan, PlanSection } from '@alva/validation';
import { finishedPlan, ifMatch } from '../support/finished-plan.ts';
import { hasState, isDelta, nextEvent } from '../support/settle.ts';
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
