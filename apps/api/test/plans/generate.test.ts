import t from 'tap';
import { onEachStore } from '../support/stack.ts';
import { profile } from '../support/profile.ts';

onEachStore('a plan is written by the worker while its owner watches', async (t, stack) => {
  const api = await stack.api();
  await stack.worker();
  const person = await stack.person(api);

  for (const body of [{}, { clientProfile: profile }])
    t.match(await person.send('POST', '/plans/generate', body), { status: 403, body: { code: 'profile-required' } });
  await person.hasProfile();
  const reply = await person.send<{ planId: string; jobId: string }>('POST', '/plans/generate', {});
  t.equal(reply.status, 202);
  t.equal(reply.headers.get('location'), `/jobs/${reply.body.jobId}`);

  const events = await person.watchToEnd(reply.body.jobId);
  const numbered = events.filter(({ id }) => id !== undefined);
  t.same(
    numbered.map(({ id }) => id),
    numbered.map((_, index) => index + 1),
    'numbers have no gaps',
  );
  t.match(numbered.at(0), { event: 'state', data: { state: 'queued' } });
  t.match(numbered.at(1), { event: 'state', data: { state: 'running', attempt: 1 } });
  t.match(numbered.slice(-2), [
    { event: 'result', data: { planId: reply.body.planId } },
    { event: 'state', data: { state: 'succeeded' } },
  ]);

  const plan = await person.plan(reply.body.planId);
  t.match(plan, {
    status: 'ready',
    generator: { provider: 'demo', model: 'demo planner, English only', demo: true },
    clientProfile: profile,
  });
  const streamed = (part: string) =>
    events
      .flatMap(({ event, data }) => (event === 'delta' && data['part'] === part ? [String(data['text'])] : []))
      .join('');
  t.equal(streamed('summary'), plan.summary, 'what was streamed is what is stored');
  for (const { channel, body } of plan.sections) t.equal(streamed(channel), body);
  t.equal(
    plan.sections.reduce((sum, { budgetShare }) => sum + budgetShare, 0),
    100,
  );
  t.match(await person.job(reply.body.jobId), { state: 'succeeded', attempt: 1, progress: { percent: 100 } });
});
void t;
