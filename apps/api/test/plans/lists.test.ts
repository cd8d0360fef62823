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
