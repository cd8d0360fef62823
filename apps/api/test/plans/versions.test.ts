import t from 'tap';
import type { Plan } from '@alva/validation';
import { finishedPlan, ifMatch } from '../support/finished-plan.ts';
import { createStack } from '../support/stack.ts';

void t.test('a plan is changed by whoever has read it, and by nobody else', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  await stack.worker();
  const person = await stack.person(api);
  let plan = await finishedPlan(person);
  const path = `/plans/${plan.id}`;
  const patch = (body: unknown, headers?: Record<string, string>) => person.send<Plan>('PATCH', path, body, headers);
  const read = async () => (plan = await person.plan(plan.id));

  await t.test('readers are told the version, and only once', async (t) => {
    const { headers } = await person.send('GET', path);
    t.equal(headers.get('etag'), `"${plan.version}"`);
    t.equal(headers.get('cache-control'), 'private, no-cache');
    const again = await person.send('GET', path, undefined, { 'if-none-match': `W/"${plan.version}"` });
    t.match({ status: again.status, body: again.body }, { status: 304, body: undefined });
    t.equal((await person.send('GET', path, undefined, { 'if-none-match': '"0"' })).status, 200);
  });

  await t.test('a change names the version it is of', async (t) => {
    const title = 'Spring';
    t.match(await patch({ title }), { status: 428, body: { code: 'precondition-required' } });
    t.match(await patch({ title }, ifMatch('7')), { status: 400, body: { code: 'malformed-request' } });
    for (const tag of [plan.version + 1, `W/"${plan.version}"`, '"other"', '"0", "00"']) {
      const refused = await patch({ title }, ifMatch(tag));
      t.match(refused, { status: 412, body: { code: 'precondition-failed' } }, String(tag));
      t.equal(refused.headers.get('etag'), `"${plan.version}"`, 'which is said');
    }
    const done = await patch({ title, metrics: [] }, ifMatch(`"other",, "${plan.version}"`));
    t.match(done, { status: 200, body: { title, metrics: [], version: plan.version + 1 } });
    t.equal(done.headers.get('etag'), `"${plan.version + 1}"`);
    t.same(await read(), done.body, 'the answer is what is read from then on');
    t.match(await patch({ title: 'Summer' }, ifMatch('*')), { status: 200, body: { version: plan.version + 1 } });
    await read();
  });

  await t.test(
    'of 40 changes of one version one wins, also across copies, and a lost answer is given again',
    async (t) => {
      const other = person.at((await stack.api()).url);
      const titles = Array.from({ length: 40 }, (_, index) => `Title ${index}`);
      const replies = await Promise.all(
        titles.map((title, index) =>
          (index % 2 ? person : other).send<Plan>('PATCH', path, { title }, ifMatch(plan.version)),
        ),
      );
      const won = replies.filter(({ status }) => status === 200);
      t.equal(won.length, 1);
      t.equal(replies.filter(({ status }) => status === 412).length, 39);
      const after = await person.plan(plan.id);
      t.match(after, { version: plan.version + 1, title: won[0]?.body.title });
      const repeated = await patch({ title: after.title }, ifMatch(plan.version));
      t.match(repeated, { status: 200, body: { version: after.version } }, 'it was made, so it is not refused');
      t.equal(
        (await patch({ title: titles[0] === after.title ? titles[1] : titles[0] }, ifMatch(plan.version))).status,
        412,
      );
      await read();
    },
  );

  await t.test('sections change one by one, and their shares together', async (t) => {
    const [first, second, ...rest] = plan.sections;
    if (!first || !second) throw new Error('too short a plan');
    const change = (sections: unknown[]) => patch({ sections }, ifMatch(plan.version));
    const text = { title: 'Another title', body: '## Mine\n\nA *new* text.' };
    const done = await change([{ id: second.id, ...text }]);
    t.same(done.body.sections, [first, { ...second, ...text }, ...rest], 'and the others stay');
    await read();

    const { budgetShare } = first;
    for (const share of [budgetShare + 1, 0]) {
      const refused = await change([{ id: first.id, budgetShare: share }]);
      t.match(refused, { status: 422, body: { errors: [{ pointer: '#/sections' }] } });
    }
    const moved = await change([
      { id: first.id, budgetShare: budgetShare + 1 },
      { id: second.id, budgetShare: second.budgetShare - 1 },
    ]);
    t.equal(moved.status, 200);
    t.equal(
      moved.body.sections.reduce((sum, section) => sum + section.budgetShare, 0),
      100,
    );
    await read();

    const refusals: [unknown, string][] = [
      [[{ id: plan.id, body: 'x' }], '#/sections/0/id'],
      [[{ id: first.id, restore: true }], '#/sections/0/restore'],
      [[{ id: first.id, restore: true, body: 'x' }], '#/sections/0'],
      [[{ id: first.id }], '#/sections/0'],
      [
        [
          { id: first.id, body: 'x' },
          { id: first.id.toUpperCase(), body: 'y' },
        ],
        '#/sections',
      ],
      [[{ id: first.id, body: 'x', channel: 'seo' }], '#/sections/0/channel'],
      [[{ id: first.id, body: `x${String.fromCharCode(0)}` }], '#/sections/0/body'],
      [[{ id: first.id, title: 'a\u001b[2J' }], '#/sections/0/title'],
      [[{ id: first.id, budgetShare: 0.5 }], '#/sections/0/budgetShare'],
      [[{ id: first.id, body: 'x'.repeat(12_001) }], '#/sections/0/body'],
      [[], '#/sections'],
    ];
    for (const [sections, pointer] of refusals)
      t.match(await patch({ sections }, ifMatch(plan.version)), { status: 422, body: { errors: [{ pointer }] } });
    for (const body of [{}, { status: 'ready' }, { userId: person.sub }, { version: 1 }, { title: ' ' }])
      t.equal((await patch(body, ifMatch(plan.version))).status, 422, JSON.stringify(body));
    t.same(await person.plan(plan.id), plan, 'nothing refused has changed anything');
  });

  await t.test('a plan that is deleted is gone with all of it; its job stays for the bill', async (t) => {
    t.match(await person.send('DELETE', path, undefined, ifMatch(plan.version - 1)), { status: 412 });
    t.equal((await person.send('DELETE', path, undefined, ifMatch(plan.version))).status, 204);
    t.equal((await person.send('DELETE', path)).status, 404);
    t.equal((await person.send('GET', path)).status, 404);
    t.equal((await patch({ title: 'x' })).status, 404, 'which comes before every precondition');
    const { sql } = stack.database;
    t.same(await sql`select from app.plan_sections union all select from app.tasks`, []);
    t.match(await person.job(plan.jobId), { state: 'succeeded' });
  });
});
