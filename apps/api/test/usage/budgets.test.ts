import { createLogger } from '@alva/service-kit';
import { budgetExhaustedProblem, usage, type Usage } from '@alva/validation';
import t from 'tap';
import { createJobSweepsStore } from '../../src/jobs/job-sweeps.store.ts';
import { startSweeper } from '../../src/jobs/sweeper.ts';
import { converse } from '../support/conversation.ts';
import { askForEcho, createEchoes, echoes, echoWork, usageOf } from '../support/echo.ts';
import { profile } from '../support/profile.ts';
import { createStack, type Stack } from '../support/stack.ts';

/** What is set aside must be what unfinished jobs hold, whatever happened. */
async function heldAndReserved({ database: { sql } }: Stack) {
  const [sums] = await sql<Record<'held' | 'reserved' | 'unfinished' | 'counted', number>[]>`
    select (select coalesce(sum(reserved_tokens), 0)::int from app.jobs where state in ('queued', 'running')) as held,
           (select coalesce(sum(tokens_reserved), 0)::int from app.usage_days) as reserved,
           (select count(*)::int from app.jobs where state in ('queued', 'running')) as unfinished,
           (select coalesce(sum(jobs_unfinished), 0)::int from app.usage_days) as counted`;
  return sums;
}

const nothing = { held: 0, reserved: 0, unfinished: 0, counted: 0 };

void t.test('30: budgets hold under 100 parallel requests over two copies of the api', async (t) => {
  const stack = await createStack(t);
  const variables = { DAILY_TOKEN_BUDGET: '250000' };
  const [one, two] = [await stack.api(variables), await stack.api(variables)];
  const person = await stack.person(one);
  await person.hasProfile();
  const replies = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      person.at(index % 2 ? one.url : two.url).send('POST', '/plans/generate', {}),
    ),
  );
  const accepted = replies.filter(({ status }) => status === 202);
  t.equal(accepted.length, 12, 'as many as the budget has room for');
  const refused = replies.filter(({ status }) => status === 429);
  t.equal(refused.length, 88);
  for (const { body, headers } of refused) {
    t.match(body, { code: 'budget-exhausted', detail: /20,000 tokens.*10,000 tokens are left/ });
    const { limit, used, reserved, remaining, needed } = budgetExhaustedProblem.parse(body);
    t.same([limit, used, reserved, remaining, needed], [250_000, 0, 240_000, 10_000, 20_000]);
    const wait = Number(headers.get('retry-after'));
    const midnight = Math.ceil((new Date().setUTCHours(24, 0, 0, 0) - Date.now()) / 1000);
    t.ok(wait > 0 && Math.abs(wait - midnight) < 60, `${wait} s, ${midnight} s to midnight`);
  }
  const refusedByOne = replies.filter(({ status }, index) => status === 429 && index % 2 === 1).length;
  const counted = new RegExp(`^rate_limited_total\\{limit="tokens:person".*\\} ${refusedByOne}$`, 'm');
  t.match(await one.metrics.registry.metrics(), counted);
  t.equal((await stack.database.sql`select from app.plans`).length, 12, 'what was refused left nothing behind');
  t.same(await heldAndReserved(stack), { held: 240_000, reserved: 240_000, unfinished: 12, counted: 12 });

  const jobIds = accepted.map(({ body }) => String(body['jobId']));
  const cancelled = jobIds.slice(0, 5).flatMap((id) => [cancel(id, one.url), cancel(id, two.url)]);
  await Promise.all([stack.worker(), ...cancelled]);
  await Promise.all(jobIds.map((id) => person.watchToEnd(id)));
  t.same(await heldAndReserved(stack), nothing, 'given back once each');
  t.equal((await person.send('POST', '/plans/generate', {})).status, 202);

  function cancel(id: string, url: string) {
    return person.at(url).send('DELETE', `/jobs/${id}`);
  }
});

void t.test('whatever happens to jobs at once, a day is charged what they cost, and holds nothing', async (t) => {
  const stack = await createStack(t);
  await createEchoes(stack);
  const [one, two] = [await stack.api({}, echoes), await stack.api({}, echoes)];
  const person = await stack.person(one);
  const work = echoWork(async ({ attempt, payload, spent }) => {
    spent(usageOf(attempt, 0));
    await new Promise((resolve) => setImmediate(resolve));
    if (payload.text.startsWith('fails') && attempt === 1) throw new Error('Once');
    if (payload.text.startsWith('fails for good')) throw new Error('Twice');
    return { result: { text: payload.text }, usage: usageOf(attempt, 3) };
  });
  for (let workers = 0; workers < 2; workers++) await stack.worker({}, { timing: { retry: 1 }, ...work });
  const texts = ['succeeds', 'fails once', 'fails for good', 'is called off', 'is called off twice'];
  async function askAndWatch(index: number): Promise<void> {
    const text = texts[index % texts.length] ?? '';
    const { jobId } = await askForEcho(person.at(index % 2 ? one.url : two.url), { text });
    if (text.startsWith('is called off')) await person.at(one.url).send('DELETE', `/jobs/${jobId}`);
    if (text.endsWith('off twice')) await person.at(two.url).send('DELETE', `/jobs/${jobId}`);
    await person.watchToEnd(jobId);
  }
  for (let from = 0; from < 60; from += 15) {
    await Promise.all(Array.from({ length: 15 }, (_, index) => askAndWatch(from + index)));
  }

  const [sums] = await stack.database.sql<{ used: number; cost: number; states: string[] }[]>`
    select sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0))::int as used, sum(coalesce(cost, 0))::float8 as cost,
           array_agg(distinct state order by state) as states from app.jobs`;
  t.ok((sums?.used ?? 0) > 0);
  t.ok(sums?.states.includes('failed') && sums.states.includes('succeeded'), String(sums?.states));
  t.same(await heldAndReserved(stack), nothing);
  const { body } = await person.send<Usage>('GET', '/usage');
  t.match(body, { tokens: { used: sums?.used, reserved: 0 }, cost: { used: sums?.cost } });
  const [row] = await stack.database.sql`select count(*)::int as said from app.echoes where times > 1`;
  t.match(row, { said: 0 }, 'nothing has two results');
});

void t.test('one person’s unfinished jobs are bounded, also in parallel, and others have their own', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api({ MAX_UNFINISHED_JOBS: '3' });
  const [person, other] = [await stack.person(api), await stack.person(api)];
  await person.hasProfile();
  await other.hasProfile();
  const replies = await Promise.all(Array.from({ length: 20 }, () => person.send('POST', '/plans/generate', {})));
  t.equal(replies.filter(({ status }) => status === 202).length, 3);
  const refused = replies.find(({ status }) => status === 429);
  t.match(refused?.body, { code: 'rate-limited', detail: /^3 pieces of work are unfinished\. Wait/ });
  t.ok(refused?.headers.get('retry-after'));
  t.equal((await other.send('POST', '/plans/generate', {})).status, 202);
  const done = replies.find(({ status }) => status === 202);
  await person.send('DELETE', `/jobs/${String(done?.body['jobId'])}`);
  t.equal((await person.send('POST', '/plans/generate', {})).status, 202, 'calling one off makes room');
  t.match(await api.metrics.registry.metrics(), /^rate_limited_total\{limit="unfinished-jobs:owner".*\} 17$/m);
});

void t.test('what one person may begin in a day is bounded, also when all of it is called off', async (t) => {
  const stack = await createStack(t);
  const { sql } = stack.database;
  const [one, two] = [await stack.api(), await stack.api()];
  const [person, other] = [await stack.person(one), await stack.person(one)];
  await person.hasProfile();
  await other.hasProfile();
  const { jobId } = await person.generate();
  await person.send('DELETE', `/jobs/${jobId}`);
  t.match(
    [...(await sql`select jobs_begun as begun, jobs_unfinished as unfinished from app.usage_days`)],
    [{ begun: 1, unfinished: 0 }],
  );
  await sql`update app.usage_days set jobs_begun = 995`;
  const ask = (url: string) => person.at(url).send('POST', '/plans/generate', {});
  const replies = await Promise.all(Array.from({ length: 30 }, (_, index) => ask(index % 2 ? one.url : two.url)));
  t.equal(replies.filter(({ status }) => status === 202).length, 5);
  const refused = replies.filter(({ status }) => status === 429);
  t.equal(refused.length, 25);
  for (const { body, headers } of refused) {
    t.match(body, { code: 'rate-limited', detail: /^1,000 pieces of work .* midnight UTC/ });
    const midnight = (new Date().setUTCHours(24, 0, 0, 0) - Date.now()) / 1000;
    t.ok(Math.abs(Number(headers.get('retry-after')) - midnight) < 60);
  }
  t.match(await one.metrics.registry.metrics(), /^rate_limited_total\{limit="jobs-of-a-day:owner"/m);
  t.equal((await sql`select from app.jobs`).length, 6, 'what was refused left nothing behind');
  t.equal((await other.send('POST', '/plans/generate', {})).status, 202);
});

void t.test('a plan sets more aside where the profile takes more to tell', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const person = await stack.person(api);
  const reserved = async () => usage.parse((await person.send('GET', '/usage')).body).tokens.reserved;
  const long = {
    description: '茶'.repeat(2_000),
    audience: '客'.repeat(1_000),
    goals: Array(5).fill('長'.repeat(200)),
  };
  await person.send('PUT', '/user/profile', { ...profile, ...long });
  await person.generate();
  const first = await reserved();
  t.ok(first > 20_000 && first < 30_000, String(first));
  await person.send('PUT', '/user/profile', profile);
  await person.generate();
  t.equal((await reserved()) - first, 20_000);
});

void t.test('a day is charged for what was asked for on it, and says what is left', async (t) => {
  const stack = await createStack(t);
  await createEchoes(stack);
  const api = await stack.api({ DAILY_TOKEN_BUDGET: '150' }, echoes);
  const [person, other] = [await stack.person(api), await stack.person(api)];
  const read = async () => usage.parse((await person.send<Usage>('GET', '/usage')).body);

  const before = await read();
  t.match(before, { tokens: { limit: 150, used: 0, reserved: 0, remaining: 150 }, cost: { used: 0, currency: 'USD' } });
  const [from, to] = [new Date(before.period.from), new Date(before.period.to)];
  t.equal(to.getTime() - from.getTime(), 86_400_000);
  t.match(before.period.from, /T00:00:00\.000Z$/);
  t.ok(from.getTime() <= Date.now() && Date.now() < to.getTime());

  const { jobId } = await askForEcho(person);
  // The day ends while the job waits.
  const { sql } = stack.database;
  await sql`update app.jobs set reserved_on = reserved_on - 1`;
  await sql`update app.usage_days set day = day - 1`;
  t.match(await read(), { tokens: { used: 0, reserved: 0, remaining: 150 } });
  await stack.worker(
    {},
    echoWork(async () => ({ result: { text: 'late' }, usage: usageOf(150, 10) })),
  );
  await person.watchToEnd(jobId);
  t.match(await read(), { tokens: { used: 0, reserved: 0, remaining: 150 } }, 'today is untouched');
  const days = await sql`
    select tokens_used::int as used, tokens_reserved::int as reserved from app.usage_days where user_id = ${person.sub}`;
  t.strictSame([...days], [{ used: 160, reserved: 0 }], 'yesterday paid');

  const next = await askForEcho(person);
  await person.watchToEnd(next.jobId);
  t.match(await read(), { tokens: { used: 160, reserved: 0, remaining: 0 }, cost: { used: 0.5 } }, 'never negative');
  t.match(await person.send('POST', '/echoes', { text: 'more' }), { status: 429 });
  t.equal((await person.send('POST', '/echoes', { text: 'for nothing', tokens: 0 })).status, 202);
  t.match(await other.send('GET', '/usage'), { body: { tokens: { used: 0 } } }, 'everybody has their own');
  const huge = await other.send('POST', '/echoes', { text: 'more than a day', tokens: 151 });
  t.match(huge, { status: 429, body: { detail: /the budget of a whole day is 150 tokens/ } });
});

void t.test('a job of long ago goes once nothing refers to it, and its charge stays', async (t) => {
  const stack = await createStack(t);
  const { sql } = stack.database;
  const api = await stack.api();
  const { database, queues } = api.resources;
  const person = await stack.person(api);
  const names = ['plan', 'section', 'document', 'message', 'unused', 'unused too', 'young', 'unfinished'];
  await sql`
    insert into app.jobs (id, user_id, type, payload, state, finished_at, input_tokens, step)
    select gen_random_uuid(), ${person.sub}, 'plan.generate', '{}',
           case name when 'unfinished' then 'running' else 'cancelled' end,
           case name when 'unfinished' then null when 'young' then now() - interval '89 days'
                     else now() - interval '91 days' end, 7, name
    from unnest(${names}::text[]) name`;
  await sql`insert into app.job_events (job_id, seq, event, data) select id, 1, 'state', '{}' from app.jobs`;
  await sql`insert into app.usage_days (user_id, day, tokens_used) values (${person.sub}, current_date - 80, 56)`;
  await sql`
    with plan as (
      insert into app.plans (id, user_id, job_id, title, client_profile)
      select gen_random_uuid(), user_id, id, 'A plan', '{}' from app.jobs where step in ('plan', 'young') returning id, job_id
    )
    insert into app.plan_sections (id, plan_id, position, channel, title, body, budget_share, job_id)
    select gen_random_uuid(), plan.id, 0, 'seo', '', '', 0, jobs.id from app.jobs, plan
    where step = 'section' and plan.job_id = (select id from app.jobs where step = 'young')`;
  await sql`
    insert into app.documents (id, user_id, job_id, name, media_type, bytes, hash)
    select gen_random_uuid(), user_id, id, 'a.md', 'text/markdown', 1, 'x' from app.jobs where step = 'document'`;
  const { sessionId } = await converse(person);
  await sql`
    insert into app.chat_messages (id, session_id, position, role, content, status, job_id)
    select gen_random_uuid(), ${sessionId}, 1, 'assistant', '', 'ready', id from app.jobs where step = 'message'`;
  const left = async () =>
    (await sql<{ step: string }[]>`select step from app.jobs order by step`).map(({ step }) => step);

  const store = createJobSweepsStore(database);
  let pages = 0;
  async function walk(): Promise<void> {
    for (let last = await store.forgetJobs(undefined, 1); last; last = await store.forgetJobs(last, 1)) pages += 1;
  }
  await Promise.all([walk(), walk()]);
  t.ok(pages >= 8, `${pages} pages`);
  t.strictSame(await left(), ['document', 'message', 'plan', 'section', 'unfinished', 'young']);
  t.equal((await sql`select from app.job_events`).length, 6);

  await sql`delete from app.plans where job_id in (select id from app.jobs where step = 'plan')`;
  await sql`delete from app.chat_sessions`;
  const logger = createLogger({ name: 'test', level: 'silent' });
  const sweeper = startSweeper({ store, queue: queues.queue('jobs'), logger, every: 60_000 });
  await sweeper.sweep();
  await sweeper.stop();
  t.strictSame(await left(), ['document', 'section', 'unfinished', 'young']);
  t.match([...(await sql`select tokens_used::int as used from app.usage_days`)], [{ used: 56 }]);
});
