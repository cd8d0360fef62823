import t from 'tap';
import { mostTasks, type PlanTask } from '@alva/validation';
import { finishedPlan, ifMatch } from '../support/finished-plan.ts';
import { createStack } from '../support/stack.ts';

interface Page {
  items: PlanTask[];
  nextCursor: string | null;
}

void t.test('tasks are added, checked off, moved and deleted, and the plan tells', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api({ REQUEST_LIMIT: '5000/1m' });
  await stack.worker();
  const person = await stack.person(api);
  const written = await finishedPlan(person);
  const inPlan = `/plans/${written.id}/tasks`;
  const plan = () => person.plan(written.id);
  const patch = (id: string, body: unknown, headers?: Record<string, string>) =>
    person.send<PlanTask>('PATCH', `/tasks/${id}`, body, headers);
  const list = async (query: string) => (await person.send<Page>('GET', `/tasks?${query}`)).body.items;

  await t.test('a task is added where it is wanted, once per idempotency key', async (t) => {
    const body = { title: 'Call the printer', dueDate: '2027-02-28' };
    const key = { 'idempotency-key': 'call-the-printer' };
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => person.send<PlanTask>('POST', inPlan, body, key)),
    );
    const [first] = replies;
    const task = first?.body;
    t.ok(replies.every(({ status, body: { id } }) => status === 201 && id === task?.id));
    t.equal(first?.headers.get('location'), `/tasks/${task?.id ?? ''}`);
    t.equal(first?.headers.get('etag'), '"1"');
    const order = written.tasks.length;
    const defaults = { detail: '', channel: 'positioning', status: 'open', completedAt: null, version: 1 };
    t.match(task, { ...body, ...defaults, planId: written.id, order });
    t.match(await plan(), { version: written.version + 1, tasks: { length: order + 1 } }, 'counted once');
    t.match(await person.send('POST', inPlan, { ...body, title: 'x' }, key), { status: 409 });

    const early = await person.send<PlanTask>('POST', inPlan, {
      ...body,
      order: 1,
      channel: 'email',
      detail: 'Ask.\nTwice.',
    });
    t.match(early.body, { order: 1, channel: 'email', detail: 'Ask.\nTwice.' });
    const orders = (await plan()).tasks.map(({ id }) => id);
    const [head, ...tail] = written.tasks.map(({ id }) => id);
    t.same(orders, [head, early.body.id, ...tail, task?.id]);
  });

  await t.test('checking off is simple, and doing it again changes nothing', async (t) => {
    const before = await plan();
    const [task] = before.tasks;
    if (!task) throw new Error('no task');
    const done = await patch(task.id, { status: 'done' });
    t.match(done.body, { status: 'done', version: task.version + 1 });
    t.match(done.body.completedAt, /Z$/);
    const again = await Promise.all(Array.from({ length: 20 }, () => patch(task.id, { status: 'done' })));
    t.ok(again.every(({ body }) => body.version === done.body.version && body.completedAt === done.body.completedAt));
    t.equal((await plan()).version, before.version + 1);
    const read = await person.send('GET', `/tasks/${task.id}`, undefined, { 'if-none-match': '"1"' });
    t.same(read.body, done.body);
    t.equal(read.headers.get('etag'), `"${done.body.version}"`);
    t.match((await patch(task.id, { status: 'open' })).body, { status: 'open', completedAt: null });
  });

  await t.test('whoever names a version changes only that one; of 100 one wins', async (t) => {
    const [, task] = (await plan()).tasks;
    if (!task) throw new Error('no task');
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, index) => patch(task.id, { title: `Title ${index}` }, ifMatch(task.version))),
    );
    t.equal(replies.filter(({ status }) => status === 200).length, 1);
    t.equal(replies.filter(({ status }) => status === 412).length, 99);
    const { body } = await person.send<PlanTask>('GET', `/tasks/${task.id}`);
    t.equal(body.version, task.version + 1);
    const stale = await person.send('DELETE', `/tasks/${task.id}`, undefined, ifMatch(task.version));
    t.match(stale, { status: 412, body: { code: 'precondition-failed' } });
    t.equal(stale.headers.get('etag'), `"${body.version}"`);
    t.equal((await patch(task.id, { title: body.title }, ifMatch(task.version))).status, 200, 'it says so already');
  });

  await t.test('moving puts a task in its place and keeps the others’ order, also in parallel', async (t) => {
    const before = (await plan()).tasks;
    const [first, second, third] = before;
    if (!first || !second || !third) throw new Error('too few tasks');
    t.equal((await patch(first.id, { order: 2 })).body.order, 2);
    const after = (await plan()).tasks;
    t.same(after.slice(0, 3), [
      { ...second, order: 0, version: second.version + 1 },
      { ...third, order: 1, version: third.version + 1 },
      { ...first, order: 2, version: first.version + 1 },
    ]);
    t.same(after.slice(3), before.slice(3), 'who has not moved has not changed');
    const last = await patch(first.id, { order: mostTasks });
    t.equal(last.body.order, before.length - 1);
    t.equal((await patch(first.id, { order: mostTasks })).body.version, last.body.version, 'it is there already');

    const added = person.send('POST', inPlan, { title: 'Meanwhile', dueDate: '2027-03-01', order: 0 });
    const removed = person.send('DELETE', `/tasks/${second.id}`);
    const moved = Array.from({ length: 60 }, (_, index) => {
      const task = before[(index * 7) % before.length] ?? first;
      return task.id === second.id
        ? Promise.resolve({ status: 200 })
        : patch(task.id, { order: (index * 5) % before.length });
    });
    const statuses = (await Promise.all([added, removed, ...moved])).map(({ status }) => status);
    t.same(new Set(statuses), new Set([200, 201, 204]));
    const orders = (await plan()).tasks.map(({ order }) => order);
    t.same(orders, [...before.keys()], 'every place is taken once');
  });

  await t.test('a plan holds so many tasks and no more, however many are added at once', async (t) => {
    const room = mostTasks - (await plan()).tasks.length;
    const { sql } = stack.database;
    await sql`
      insert into app.tasks (id, plan_id, user_id, channel, title, detail, due_date, position)
      select gen_random_uuid(), ${written.id}, ${person.sub}, 'blog', 'Filler ' || n, '', '2029-01-01', ${mostTasks - room - 1} + n
      from generate_series(1, ${room - 3}) n`;
    const body = { title: 'One more', dueDate: '2027-02-28' };
    const replies = await Promise.all(Array.from({ length: 12 }, () => person.send('POST', inPlan, body)));
    t.equal(replies.filter(({ status }) => status === 201).length, 3);
    t.match(
      replies.find(({ status }) => status !== 201),
      { status: 409, body: { code: 'too-many-tasks' } },
    );
    t.equal((await plan()).tasks.length, mostTasks);
    await sql`delete from app.tasks where title like 'Filler%' or title = 'One more'`;
  });

  await t.test('the list is filtered, in a stable order, page by page', async (t) => {
    const other = await finishedPlan(person);
    const all = [...(await plan()).tasks, ...other.tasks];
    await patch(other.tasks[0]?.id ?? '', { status: 'done' });
    const pages = async (query: string) => {
      const seen: PlanTask[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const path: string = `/tasks?limit=7&${query}${cursor && `&cursor=${cursor}`}`;
        const { body }: { body: Page } = await person.send<Page>('GET', path);
        seen.push(...body.items);
        cursor = body.nextCursor;
      }
      return seen;
    };
    const due = await pages('');
    t.same(
      due.map(({ dueDate, id }) => dueDate + id),
      all.map(({ dueDate, id }) => dueDate + id).sort(),
    );
    t.same(
      (await pages('sort=plan')).map(({ id }) => id),
      [...(await person.plan(other.id)).tasks, ...(await plan()).tasks].map(({ id }) => id),
    );
    t.same((await list(`planId=${other.id}&limit=100`)).length, other.tasks.length);
    t.match(await list(`status=done&planId=${other.id}`), { length: 1 });
    const emails = due.filter(({ channel }) => channel === 'email');
    t.same(await list('channel=email&limit=100'), emails);
    const day = due[10]?.dueDate ?? '';
    t.same(
      await list(`dueBefore=${day}&limit=100`),
      due.filter(({ dueDate }) => dueDate < day),
    );
    t.same(
      await list(`dueAfter=${day}&limit=100`),
      due.filter(({ dueDate }) => dueDate > day),
    );
  });

  await t.test('what makes no sense is refused and changes nothing', async (t) => {
    const before = await plan();
    const [task] = before.tasks;
    const bodies = [
      {},
      { dueDate: '2027-02-29' },
      { dueDate: '0000-01-01' },
      { dueDate: '2027-1-1' },
      { title: '' },
      { title: 'a\nb' },
      { title: 'x'.repeat(201) },
      { detail: `bell ${String.fromCharCode(7)}` },
      { detail: 'x'.repeat(2001) },
      { status: 'doing' },
      { channel: 'tv' },
      { order: -1 },
      { order: 1.5 },
      { order: 1e9 },
      { planId: before.id },
      { userId: person.sub },
      { completedAt: null },
      { version: 1 },
    ];
    for (const body of bodies) {
      t.match(
        await patch(task?.id ?? '', body),
        { status: 422, body: { code: 'validation-failed' } },
        JSON.stringify(body),
      );
      if (Object.keys(body).length === 0) continue;
      const added = await person.send('POST', inPlan, { title: 'x', dueDate: '2027-01-01', ...body });
      t.equal(added.status, 422);
    }
    const queries = [
      'dueBefore=soon',
      'dueAfter=0000-01-01',
      'sort=size',
      'status=',
      'planId=x',
      'limit=101',
      'cursor=eA',
    ];
    for (const query of queries) t.equal((await person.send('GET', `/tasks?${query}`)).status, 422, query);
    const cursorOf = (position: unknown) => Buffer.from(JSON.stringify(position)).toString('base64url');
    for (const position of [['0000-01-01', before.id], ['2027-01-01'], before.id, [before.id, 0, before.id]])
      t.equal((await person.send('GET', `/tasks?cursor=${cursorOf(position)}`)).status, 422);
    t.equal((await patch(task?.id ?? '', { title: 'x' }, ifMatch('x'))).status, 400);
    t.same(await plan(), before);
  });
});
