import { openTcpProxy } from '@alva/testing';
import t, { type Test } from 'tap';
import { JobFailure } from '../../src/jobs/job-failure.ts';
import { observeNothing } from '../../src/jobs/job-metrics.ts';
import { createWorker, finished } from '../support/hand-deliveries.ts';
import { loseAnswerOf, type Change } from '../support/lost-answer.ts';
import { createStack } from '../support/stack.ts';

const numbersOf = (events: readonly { id?: number | undefined }[]) => events.map(({ id }) => id);

/** Somebody at an api whose database can be reached, and one that reaches it by a line. */
async function prepare(t: Test) {
  const stack = await createStack(t);
  const line = await openTcpProxy(t, stack.database.url);
  const near = await stack.api({ DATABASE_URL: line.url });
  const person = await stack.person(await stack.api());
  await person.hasProfile();
  return { near, person, lose: (change: Change) => loseAnswerOf(change, stack, line), sql: stack.database.sql };
}

void t.test('35: a plan that was committed and whose answer was lost is given again, not made again', async (t) => {
  const { near, person, lose, sql } = await prepare(t);
  const generate = () =>
    person.at(near.url).send('POST', '/plans/generate', {}, { 'idempotency-key': 'a-plan-for-this-year' });
  const { lost } = await lose({ event: 'insert', when: 'true' });
  const [first] = await Promise.all([generate(), lost]);
  t.match(first, { status: 503, body: { code: 'service-unavailable' } });
  let again = await generate();
  // The line was cut a moment ago.
  while (again.status === 503) again = await generate();
  t.equal(again.status, 202);
  const [made, ...others] = await sql`select p.id as "planId", j.id as "jobId" from app.plans p, app.jobs j`;
  t.strictSame(others, []);
  t.match(again.body, { ...made });
  t.match((await person.send('GET', '/usage')).body, { tokens: { reserved: 20_000 } }, 'reserved once');
});

void t.test('35: events whose answer was lost are written once, and the run goes on', async (t) => {
  const { near, person, lose } = await prepare(t);
  const { jobId } = await person.generate();
  const { lost } = await lose({
    event: 'update',
    when: `old.state = 'running' and new.state = 'running' and new.last_seq > old.last_seq`,
  });
  const deliver = createWorker(near.resources, async ({ emit }) => {
    emit({ event: 'delta', data: { part: 'summary', text: 'One, ' } });
    await lost;
    emit({ event: 'delta', data: { part: 'summary', text: 'two.' } });
    return finished('once');
  });
  await deliver(jobId);
  const events = await person.watchToEnd(jobId);
  t.same(
    numbersOf(events),
    events.map((_, index) => index + 1),
  );
  t.same(
    events.flatMap(({ event, data }) => (event === 'delta' ? [data['text']] : [])),
    ['One, ', 'two.'],
  );
  t.match(events.at(-1), { event: 'state', data: { state: 'succeeded', attempt: 1 } });
});

void t.test('35: an end whose answer was lost is the end: one result, one charge, told as any other', async (t) => {
  const { near, person, lose } = await prepare(t);
  const { jobId, planId } = await person.generate();
  const { lost } = await lose({ event: 'update', when: `new.state = 'succeeded'` });
  const ends: string[] = [];
  const observer = { ...observeNothing, ended: (_type: string, outcome: string) => ends.push(outcome) };
  const deliver = createWorker(near.resources, async () => finished('once'), {}, { observer });
  await Promise.all([deliver(jobId), lost]);
  t.same(ends, ['succeeded']);
  const events = await person.watchToEnd(jobId);
  t.equal(events.filter(({ event }) => event === 'result').length, 1);
  t.match(await person.plan(planId), { title: 'once' });
  t.match((await person.send('GET', '/usage')).body, { tokens: { used: 15, reserved: 0 }, cost: { used: 0.5 } });
});

void t.test('35: a job whose hand-back was answered to nobody is taken up when it is due', async (t) => {
  const { near, person, lose, sql } = await prepare(t);
  const { jobId } = await person.generate();
  const { lost } = await lose({ event: 'update', when: `new.state = 'queued'` });
  const deliver = createWorker(near.resources, () => {
    const usage = { inputTokens: 10, outputTokens: 5, cost: 0.5 };
    throw new JobFailure({ code: 'provider-busy', detail: 'The provider is busy.', retry: { after: 7_000 }, usage });
  });
  await Promise.all([t.rejects(deliver(jobId), { name: 'RetryLaterError', after: 7_000 }), lost]);
  t.match(await person.job(jobId), { state: 'queued', attempt: 1, usage: { inputTokens: 10, outputTokens: 5 } });
  t.match(await sql`select failures, failed_tokens from app.jobs`, [{ failures: 1, failed_tokens: 15 }]);
});
