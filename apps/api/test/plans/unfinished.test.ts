import t from 'tap';
import type { GeneratePlanAnswer } from '@alva/validation';
import { ifMatch } from '../support/finished-plan.ts';
import { hasState, isDelta, nextEvent } from '../support/settle.ts';
import { onEachStore } from '../support/stack.ts';

onEachStore('a plan that is being written is not changed; deleting it calls its job off', async (t, stack) => {
  const api = await stack.api();
  await stack.worker({ LLM_DEMO_PACE: '30' });
  const person = await stack.person(api);
  await person.hasProfile();
  const { planId, jobId } = await person.generate();
  const watching = person.watch(jobId);
  await nextEvent(watching, isDelta);

  const notReady = { status: 409, body: { code: 'plan-not-ready' } };
  t.match(await person.send('PATCH', `/plans/${planId}`, { title: 'Mine' }, ifMatch('*')), notReady);
  const task = { title: 'Mine', dueDate: '2027-01-31' };
  t.match(await person.send('POST', `/plans/${planId}/tasks`, task), notReady);
  t.match(await person.send('GET', `/plans/${planId}/export`), notReady);
  t.match(await person.send('POST', `/plans/${planId}/regenerate`, { section: planId }), notReady);
  t.match(await person.send('POST', `/plans/${planId}/retry`), { status: 409, body: { code: 'plan-not-stopped' } });

  t.equal((await person.send('DELETE', `/plans/${planId}`)).status, 204);
  await nextEvent(watching, hasState('cancelled'));
  t.match(await person.job(jobId), { state: 'cancelled' });
  t.same((await person.send('GET', '/plans')).body, { items: [], nextCursor: null });
});

onEachStore(
  'a plan that was called off can be written after all, once, and keeps what was written',
  async (t, stack) => {
    const api = await stack.api();
    const slow = await stack.worker({ LLM_DEMO_PACE: '30' });
    const person = await stack.person(api);
    await person.hasProfile();
    const first = await person.generate();
    await nextEvent(person.watch(first.jobId), isDelta);
    await person.send('DELETE', `/jobs/${first.jobId}`);
    const stopped = await person.plan(first.planId);
    t.match(stopped, { status: 'cancelled', version: 2 });
    await slow.stop();

    const path = `/plans/${first.planId}/retry`;
    const key = { 'idempotency-key': 'once-more-please' };
    const retries = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        person.send<GeneratePlanAnswer>('POST', path, undefined, index % 2 ? key : {}),
      ),
    );
    const accepted = new Set(retries.flatMap(({ status, body }) => (status === 202 ? [body.jobId] : [])));
    t.equal(accepted.size, 1, 'one job, whoever asked');
    t.ok(retries.every(({ status }) => status === 202 || status === 409));
    const [jobId = ''] = accepted;
    t.match(await person.plan(first.planId), { status: 'generating', jobId, version: 3 });
    t.equal((await stack.database.sql`select from app.jobs`).length, 2);

    await stack.worker();
    await person.watchToEnd(jobId);
    t.match(await person.plan(first.planId), {
      status: 'ready',
      jobId,
      version: 4,
      clientProfile: stopped.clientProfile,
    });
    t.ok((await person.watchToEnd(first.jobId)).some(isDelta), 'the half-written text can still be read');
    t.equal((await person.send('POST', path)).status, 409);
  },
);
void t;
