import type { Database } from '@alva/database';
import { openQueues } from '@alva/queue';
import { randomUUID } from 'node:crypto';
import type { Test } from 'tap';
import { collectionNames, createPeopleStore } from '../src/people/people.store.ts';
import { converse } from './support/conversation.ts';
import { nextEvent } from './support/settle.ts';
import { libraryOf } from './support/library.ts';
import { createStack, onEachStore, type Stack } from './support/stack.ts';
import t from 'tap';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Auth, as far as this is about it: tells of somebody who is gone, and hears what the api says. */
async function openAuth(t: Test, { database, redis }: Stack) {
  const queues = await openQueues({
    databaseUrl: database.url,
    redisUrl: redis?.url,
    role: 'alva_auth',
    logger: silent,
  });
  t.teardown(() => queues.close());
  const heard = new Map<string, PromiseWithResolvers<undefined>>();
  queues.worker('user-forgotten', async ({ payload: { deletionId } }) => heard.get(deletionId)?.resolve(undefined));
  return {
    /** Resolves once the api has said that it has forgotten them. */
    async deleted(userId: string): Promise<void> {
      const deletionId = randomUUID();
      const answer = Promise.withResolvers<undefined>();
      heard.set(deletionId, answer);
      await queues.queue('user-deleted').addAgain({ deletionId, userId }, { id: deletionId, attempts: 1_000 });
      return answer.promise;
    },
  };
}

/** Tables of the service that mention somebody anywhere. */
async function tablesWith({ database: { sql } }: Stack, word: string): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema = 'app' order by 1`;
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await sql.unsafe(`select from ${name} r where r::text ilike $1 limit 1`, [`%${word}%`]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}

onEachStore(
  'nothing of a deleted person remains, and what ran for them stops; others keep theirs',
  async (t, stack) => {
    const api = await stack.api();
    await stack.worker();
    const [gone, other] = [await stack.person(api), await stack.person(api)];
    for (const person of [gone, other]) {
      await person.hasProfile();
      const { planId, jobId } = await person.generate({ 'idempotency-key': 'the-first-plan' });
      await person.watchToEnd(jobId);
      await libraryOf(person, api.url).read('a.md', '# Title\n\nText');
      await (await converse(person, { planId })).answered('What comes first?');
    }
    await stack.worker({ LLM_DEMO_PACE: '30' });
    const running = await gone.generate();
    await nextEvent(gone.watch(running.jobId), () => true);
    const admin = await stack.person(api, { roles: ['user', 'admin'] });
    for (const { sub } of [gone, other]) await admin.send('PUT', `/admin/limits/${sub}`, { dailyTokens: 1 });
    t.strictSame(await tablesWith(stack, gone.sub), [
      'app.chat_sessions',
      'app.document_chunks',
      'app.documents',
      'app.idempotency_keys',
      'app.jobs',
      'app.plans',
      'app.profiles',
      'app.tasks',
      'app.usage_days',
      'app.usage_limits',
    ]);

    const auth = await openAuth(t, stack);
    await auth.deleted(gone.sub);
    t.strictSame(await tablesWith(stack, gone.sub), []);
    const { sql } = stack.database;
    const strays = await sql`
    select from app.job_events where job_id not in (select id from app.jobs)
    union all select from app.plan_sections where plan_id not in (select id from app.plans)
    union all select from app.document_originals where document_id not in (select id from app.documents)
    union all select from app.document_sections where document_id not in (select id from app.documents)
    union all select from app.chat_messages where session_id not in (select id from app.chat_sessions)`;
    t.equal(strays.length, 0);
    t.equal(await api.resources.queues.queue('jobs').remove(running.jobId), true, 'nobody works on it');
    t.equal((await tablesWith(stack, other.sub)).length, 10, 'others keep theirs');
    await auth.deleted(gone.sub);
    t.pass('told twice it is no error');
  },
);

onEachStore(
  'sessions that ended and people who were deleted while api and workers were down are dealt with when they are back',
  async (t, stack) => {
    const before = await stack.api();
    const [ended, deleted, left] = [await stack.person(before), await stack.person(before), await stack.person(before)];
    const jobs: string[] = [];
    for (const person of [ended, deleted, left]) {
      await person.hasProfile();
      jobs.push((await person.generate()).jobId, (await person.generate()).jobId);
    }
    // One of each was being worked on when everything went down.
    const { sql } = stack.database;
    const running = jobs.filter((_, index) => index % 2);
    await sql`
      update app.jobs set state = 'running', attempt = 1, input_tokens = 5, output_tokens = 2, cost = 0.5,
        heartbeat_at = now() - interval '1 hour', enqueued_at = now() - interval '1 hour' where id = any (${running})`;
    await before.stop();
    stack.issuer.end(ended.sid);
    stack.issuer.end(left.sid, 'signed-out');
    const auth = await openAuth(t, stack);
    const forgotten = auth.deleted(deleted.sub);

    const api = await stack.api();
    await stack.worker();
    await forgotten;
    t.strictSame(await tablesWith(stack, deleted.sub), []);
    t.equal((await ended.at(api.url).send('GET', '/plans')).status, 401);
    const [endedLater, leftLater] = [
      await stack.person(api, { sub: ended.sub }),
      await stack.person(api, { sub: left.sub }),
    ];
    for (const jobId of jobs.slice(0, 2)) {
      t.match((await endedLater.watchToEnd(jobId)).at(-1), { data: { state: 'cancelled' } });
    }
    t.match((await endedLater.send('GET', '/usage')).body, { tokens: { used: 7, reserved: 0 }, cost: { used: 0.5 } });
    for (const jobId of jobs.slice(4)) {
      t.match((await leftLater.watchToEnd(jobId)).at(-1), { data: { state: 'succeeded' } });
    }
    t.match((await leftLater.send('GET', '/usage')).body, { tokens: { used: 7, reserved: 0 } });
  },
);

void t.test('a copy of everything one has, and nothing of anybody else', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  await stack.worker();
  const [ada, grace] = [await stack.person(api), await stack.person(api)];
  t.match(await ada.send('GET', '/user/export'), {
    status: 200,
    body: { profile: null, plans: [], jobs: [], documents: [], chats: [] },
  });
  for (const person of [ada, grace]) {
    await person.hasProfile();
    const { jobId } = await person.generate();
    await person.watchToEnd(jobId);
    const library = libraryOf(person, api.url);
    for (const name of ['one.md', 'two.md']) await library.read(name, `# Title\n\nOf ${name}`);
    await (await converse(person)).answered('What comes first?');
  }
  const plan = (await ada.send<{ items: { id: string; title: string }[] }>('GET', '/plans')).body.items[0];
  const copy = await ada.send('GET', '/user/export');
  t.match(copy.body, {
    profile: { businessName: String },
    plans: [
      {
        id: plan?.id,
        title: plan?.title,
        sections: [{ title: String, previous: null }],
        tasks: [{ title: String, completedAt: null }],
      },
    ],
    documents: [
      { name: 'one.md', sections: [{ heading: ['Title'], text: 'Of one.md' }] },
      { name: 'two.md', sections: [{ heading: ['Title'], text: 'Of two.md' }] },
    ],
    jobs: [
      { type: 'plan.generate', state: 'succeeded' },
      { type: 'document.read' },
      { type: 'document.read' },
      { type: 'chat.answer' },
    ],
    chats: [{ title: 'What comes first?', messages: [{ role: 'user' }, { role: 'assistant', content: /./ }] }],
    usage: [{ tokens: 0, cost: 0 }],
    dailyTokens: null,
  });
  t.match(copy.headers.get('content-disposition'), /attachment/);
  t.equal((copy.body['plans'] as unknown[]).length, 1);
  t.notMatch(JSON.stringify(copy.body), new RegExp(grace.sub));
});

void t.test('a copy is as large as it has to be, read in pieces, and sent once at a time', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const person = await stack.person(api);
  const { sql } = stack.database;
  const jobs = sql`
    insert into app.jobs (id, user_id, type, payload, state)
    select gen_random_uuid(), ${person.sub}, 'plan.generate', '{}', 'succeeded' from generate_series(1, 1500) returning id`;
  await sql`
    with jobs as (${jobs})
    insert into app.plans (id, user_id, job_id, title, summary, client_profile)
    select gen_random_uuid(), ${person.sub}, id, 'A plan', repeat('p', 3000), '{}' from jobs limit 50`;
  await sql`
    with sessions as (
      insert into app.chat_sessions (id, user_id, tone)
      select gen_random_uuid(), ${person.sub}, 'direct' from generate_series(1, 30) returning id
    )
    insert into app.chat_messages (id, session_id, position, role, content, status)
    select gen_random_uuid(), id, position, 'user', repeat('m', 1000), 'ready' from sessions, generate_series(1, 30) position`;

  const { body } = await person.send<Record<'plans' | 'jobs' | 'chats', { id: string; messages: unknown[] }[]>>(
    'GET',
    '/user/export',
  );
  for (const [name, count] of [
    ['plans', 50],
    ['jobs', 1500],
    ['chats', 30],
  ] as const) {
    const ids = body[name].map(({ id }) => id);
    t.equal(new Set(ids).size, count, name);
    t.strictSame(ids, ids.toSorted());
  }
  t.ok(body.chats.every(({ messages }) => messages.length === 30));

  let largest = 0;
  const { database } = api.resources;
  const run: Database['run'] = async (...statement) => {
    const rows = await database.run(...statement);
    largest = Math.max(largest, JSON.stringify(rows).length);
    return rows as never;
  };
  const store = createPeopleStore({ ...database, run });
  let items = 0;
  for (const name of collectionNames) {
    for await (const item of store.collectAll(person.sub, name)) items += item === '' ? 0 : 1;
  }
  t.equal(items, 1_580);
  t.ok(largest < 400_000 && largest < JSON.stringify(body).length / 4, `${largest} characters by one statement`);

  const reserved = await sql.reserve();
  await reserved`begin`;
  await reserved`lock table app.documents in access exclusive mode`;
  const first = await fetch(`${api.url}/user/export`, { headers: { authorization: `Bearer ${person.token}` } });
  const second = await person.send('GET', '/user/export');
  await reserved`rollback`;
  reserved.release();
  t.match(second, { status: 429, body: { code: 'rate-limited', detail: /already/ } });
  t.ok(second.headers.get('retry-after'));
  t.match(await first.json(), { documents: [] }, 'the one before is whole');
  // Its place is free once the server knows that everything was sent.
  while ((await person.send('GET', '/user/export')).status === 429);
  t.match(await api.metrics.registry.metrics(), /^rate_limited_total\{limit="exports:person"/m);
});
