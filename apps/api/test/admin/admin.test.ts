import { randomUUID } from 'node:crypto';
import type { AdminJob } from '@alva/validation';
import t from 'tap';
import { createGuest } from '../support/conversation.ts';
import { hasState, isDelta, nextEvent } from '../support/settle.ts';
import { createStack, onEachStore } from '../support/stack.ts';
import { profile } from '../support/profile.ts';

void t.test('administrators give single people another budget, and nobody else does', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api({ DAILY_TOKEN_BUDGET: '30000' });
  const person = await stack.person(api);
  const admin = await stack.person(api, { roles: ['user', 'admin'] });
  const path = `/admin/limits/${person.sub}`;
  for (const [method, body] of [['GET'], ['PUT', { dailyTokens: 1_000_000 }], ['DELETE']] as const) {
    t.match(await person.send(method, path, body), { status: 403, body: { code: 'forbidden' } }, method);
  }
  t.same((await admin.send('GET', path)).body, { userId: person.sub, dailyTokens: null, updatedAt: null });
  t.match(await admin.send('PUT', path, { dailyTokens: 40_000 }), { status: 200, body: { dailyTokens: 40_000 } });
  for (const bad of [{ dailyTokens: -1 }, { dailyTokens: 1.5 }, {}, { dailyTokens: 1, userId: admin.sub }]) {
    t.match(await admin.send('PUT', path, bad), { status: 422 });
  }
  t.match(await admin.send('GET', '/admin/limits/somebody'), { status: 422 });

  await person.hasProfile();
  const generate = async () => (await person.send('POST', '/plans/generate', {})).status;
  t.same([await generate(), await generate(), await generate()], [202, 202, 429], 'the new limit holds');
  t.match((await person.send('GET', '/usage')).body, { tokens: { limit: 40_000, reserved: 40_000, remaining: 0 } });
  t.match(await admin.send('PUT', path, { dailyTokens: 0 }), { status: 200 });
  t.match((await person.send('GET', '/usage')).body, { tokens: { limit: 0, reserved: 40_000, remaining: 0 } });
  t.equal((await admin.send('DELETE', path)).status, 204);
  t.equal((await admin.send('DELETE', path)).status, 204, 'twice is once');
  t.match((await person.send('GET', '/usage')).body, { tokens: { limit: 30_000 } });
});

void t.test('administrators see how everybody’s jobs get on, and nothing of what they are about', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const [ada, grace] = [await stack.person(api), await stack.person(api)];
  const admin = await stack.person(api, { roles: ['user', 'admin'] });
  for (const person of [ada, grace]) await person.hasProfile();
  const cancelled = await ada.generate();
  await ada.send('DELETE', `/jobs/${cancelled.jobId}`);
  const [first, second] = [await ada.generate(), await grace.generate()];
  t.equal((await ada.send('GET', '/admin/jobs')).status, 403);

  interface Page {
    items: AdminJob[];
    nextCursor: string | null;
  }
  const list = async (query = '') => (await admin.send<Page>('GET', `/admin/jobs${query}`)).body;
  const ids = ({ items }: Page) => items.map(({ id }) => id);
  const page = await list('?limit=2');
  t.same(ids(page), [second.jobId, first.jobId]);
  t.same(ids(await list(`?limit=2&cursor=${page.nextCursor ?? ''}`)), [cancelled.jobId]);
  t.same(ids(await list('?state=cancelled')), [cancelled.jobId]);
  t.same(ids(await list(`?userId=${ada.sub}&state=queued&type=plan.generate`)), [first.jobId]);
  t.same(ids(await list('?type=chat.answer')), []);
  t.same(ids(await list(`?userId=${randomUUID()}`)), []);
  t.match(page.items[0], { type: 'plan.generate', userId: grace.sub, state: 'queued', reservedTokens: 20_000 });
  t.notMatch(JSON.stringify(page), new RegExp(profile.businessName), 'no payload');
  t.match(await admin.send('GET', '/admin/jobs?state=lost'), { status: 422 });
  t.match(await admin.send('GET', '/jobs'), { body: { items: [] } }, 'their own list stays their own');
});

onEachStore('administrators call off anybody’s job, a guest’s as well, and nobody else does', async (t, stack) => {
  const api = await stack.api();
  const admin = await stack.person(api, { roles: ['user', 'admin'] });
  const [ada, grace] = [await stack.person(api), await stack.person(api)];
  for (const person of [ada, grace]) await person.hasProfile();
  const guest = await createGuest(api.url);
  const { jobId: asked } = (await guest.conversation.ask('What may an advert cost?')).body;
  const { planId, jobId } = await ada.generate();
  t.match(await grace.send('DELETE', `/admin/jobs/${jobId}`), { status: 403, body: { code: 'forbidden' } });
  t.match(await admin.send('DELETE', `/jobs/${jobId}`), { status: 404 }, 'as a person they have no right to it');

  t.equal((await admin.send('DELETE', `/admin/jobs/${asked}`)).status, 204, 'while it waits');
  t.equal((await admin.send('DELETE', `/admin/jobs/${asked}`)).status, 204, 'twice is once');
  t.match(await guest.job(asked), { state: 'cancelled', attempt: 0 });

  await stack.worker({ LLM_DEMO_PACE: '30' });
  const stream = ada.watch(jobId);
  await nextEvent(stream, isDelta);
  t.equal((await admin.send('DELETE', `/admin/jobs/${jobId}`)).status, 204, 'while it runs');
  await nextEvent(stream, hasState('cancelled'));
  t.match(await ada.plan(planId), { status: 'cancelled' });
  t.match((await ada.send('GET', '/usage')).body, { tokens: { reserved: 0 } });

  await stack.database.sql`update app.jobs set state = 'succeeded' where id = ${jobId}`;
  t.match(await admin.send('DELETE', `/admin/jobs/${jobId}`), { status: 409, body: { code: 'job-finished' } });
  t.match(await admin.send('DELETE', `/admin/jobs/${randomUUID()}`), { status: 404 });
});
