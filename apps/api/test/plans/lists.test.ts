import t from 'tap';
import type { PlanOverview } from '@alva/validation';
import { createStack } from '../support/stack.ts';
import { profile } from '../support/profile.ts';

interface Page {
  items: PlanOverview[];
  nextCursor: string | null;
}

void t.test('a list is read page by page, newest first, without gaps or repeats', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const person = await stack.person(api);
  await person.hasProfile();
  const made: string[] = [];
  for (let index = 0; index < 7; index++) {
    const clientProfile = { ...profile, businessName: `Café ${index}` };
    const { body } = await person.send<{ planId: string }>('POST', '/plans/generate', { clientProfile });
    made.unshift(body.planId);
  }

  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const path: string = `/plans?limit=3${cursor && `&cursor=${cursor}`}`;
    const { body }: { body: Page } = await person.send<Page>('GET', path);
    seen.push(...body.items.map(({ id }) => id));
    cursor = body.nextCursor;
  }
  t.same(seen, made);
  t.equal((await person.send<Page>('GET', '/plans?limit=7')).body.nextCursor, null, 'no empty last page');
  t.match(
    (await person.plan(made[0] ?? '')).clientProfile,
    { businessName: 'Café 6' },
    'a given profile is used for its plan',
  );
  t.match(
    await person.send('GET', '/user/profile'),
    { body: { businessName: profile.businessName } },
    'and for nothing else',
  );

  const { items } = (await person.send<Page>('GET', `/plans?search=${encodeURIComponent('for CAFÉ 3')}`)).body;
  t.same(
    items.map(({ id }) => id),
    [made[3]],
    'text in the title is found in any case',
  );
  await person.send('DELETE', `/jobs/${items[0]?.jobId ?? ''}`);
  const found = async (query: string) => (await person.send<Page>('GET', `/plans?${query}`)).body.items.length;
  t.same([await found('status=cancelled'), await found('status=generating')], [1, 6]);
  t.same(
    [await found('search=%25'), await found('search=_'), await found('status=ready')],
    [0, 0, 0],
    'signs are signs',
  );
  for (const query of ['status=done', 'search=', 'title=x']) {
    t.equal((await person.send('GET', `/plans?${query}`)).status, 422, query);
  }
});

void t.test(
  'one person keeps so many plans, also in parallel over two copies, and more once one is deleted',
  async (t) => {
    const stack = await createStack(t);
    const [one, two] = [await stack.api(), await stack.api()];
    const [person, other] = [await stack.person(one), await stack.person(one)];
    await person.hasProfile();
    await other.hasProfile();
    const { sql } = stack.database;
    await sql`
    with jobs as (
      insert into app.jobs (id, user_id, type, payload, state)
      select gen_random_uuid(), ${person.sub}, 'plan.generate', '{}', 'cancelled' from generate_series(1, 497) returning id
    )
    insert into app.plans (id, user_id, job_id, title, client_profile, status)
    select gen_random_uuid(), ${person.sub}, id, 'A plan', '{}', 'cancelled' from jobs`;
    const ask = (url: string) => person.at(url).send('POST', '/plans/generate', {});
    const replies = await Promise.all(Array.from({ length: 30 }, (_, index) => ask(index % 2 ? one.url : two.url)));
    const accepted = replies.filter(({ status }) => status === 202);
    t.equal(accepted.length, 3);
    const refused = replies.filter(({ status }) => status === 409);
    t.equal(refused.length, 27);
    t.match(refused[0], { body: { code: 'too-many-plans', detail: 'You can keep 500 plans. Delete one first.' } });
    t.match(await person.send('GET', '/usage'), { body: { tokens: { reserved: 60_000 } } });
    t.equal((await other.send('POST', '/plans/generate', {})).status, 202, 'others have their own');
    const planId = String(accepted[0]?.body['planId']);
    t.equal((await person.send('DELETE', `/plans/${planId}`, undefined, { 'if-match': '*' })).status, 204);
    t.equal((await ask(two.url)).status, 202);
    t.equal((await ask(one.url)).status, 409);
  },
);
