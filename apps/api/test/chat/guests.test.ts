import { randomUUID } from 'node:crypto';
import { createFakeModel, streams } from '@alva/testing';
import type { Usage } from '@alva/validation';
import t from 'tap';
import { converse, createGuest } from '../support/conversation.ts';
import { createClient } from '../support/person.ts';
import { waitUntilBlocked } from '../support/settle.ts';
import { createStack } from '../support/stack.ts';

const allGuests = '00000000-0000-0000-0000-000000000000';
const many = { GUEST_SESSION_LIMIT: '1000/1d', GUEST_QUESTION_LIMIT: '1000/1d' };

void t.test('a guest reaches their conversation and its jobs, and nothing else', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api(many);
  await stack.worker();
  const [guest, other] = [await createGuest(api.url), await createGuest(api.url)];
  const person = await stack.person(api);
  const theirs = await converse(person);

  const answer = await guest.conversation.answered('How do I get found by people nearby?');
  t.match(answer, { status: 'ready', generator: { demo: true }, citations: [] });
  t.match(await guest.conversation.read(), { tone: 'socratic', title: 'How do I get found by people nearby?' });
  t.match(await guest.job(answer.jobId ?? ''), { state: 'succeeded' });
  t.match(await guest.send('GET', '/usage'), { status: 200, body: { tokens: { limit: 20_000 } } });
  t.equal((await guest.send('PATCH', guest.conversation.path, { title: 'Nearby' })).status, 204);
  const { body } = await guest.conversation.ask('And then?');
  await guest.send('DELETE', `/jobs/${body.jobId}`);

  const foreign = [`/jobs/${answer.jobId ?? ''}`, `/jobs/${answer.jobId ?? ''}/events`, guest.conversation.path];
  for (const client of [other, person]) {
    for (const path of foreign) t.equal((await client.send('GET', path)).status, 404, path);
    t.equal((await client.send('DELETE', guest.conversation.path)).status, 404);
  }
  t.equal((await guest.send('GET', theirs.path)).status, 404);
  t.equal((await guest.send('POST', `${theirs.path}/messages`, { content: 'Hello' })).status, 404);

  for (const [method, path] of [
    ['GET', '/chat/sessions'],
    ['POST', '/chat/session/merge'],
    ['GET', '/jobs'],
    ['GET', '/plans'],
    ['POST', '/plans/generate'],
    ['GET', '/user/profile'],
    ['GET', '/user/export'],
    ['GET', '/knowledge/documents'],
    ['GET', '/admin/jobs'],
  ] as const) {
    const reply = await guest.send(method, path, method === 'POST' ? {} : undefined);
    t.match(reply, { status: 401, body: { code: 'authentication-required' } }, `${method} ${path}`);
  }
  t.equal((await guest.send('POST', '/chat/sessions', { tone: 'direct' })).status, 409, 'one conversation each');
  const anybody = createClient(api.url, {});
  const planned = await anybody.send('POST', '/chat/sessions', { tone: 'direct', planId: randomUUID() });
  t.equal(planned.status, 404, 'and no plans');

  await t.test('a token is good or refused, never passed over', async (t) => {
    const { path } = guest.conversation;
    t.match(await anybody.send('GET', path), { status: 401, body: { code: 'authentication-required' } });
    for (const guestToken of ['x', guest.guestToken.toUpperCase(), '']) {
      const reply = await createClient(api.url, { 'x-guest-token': guestToken }).send('GET', path);
      t.match(reply, { status: 401, body: { code: 'guest-token-invalid' } });
      t.equal(reply.headers.get('www-authenticate'), 'Bearer');
    }
    const both = await person.send('GET', path, undefined, { 'x-guest-token': guest.guestToken });
    t.match(both, { status: 400, body: { code: 'malformed-request', detail: /not both/ } });
    const forged = await createClient(api.url, { authorization: 'Bearer x' }).send('POST', '/chat/sessions', {});
    t.match(forged, { status: 401, body: { code: 'invalid-token' } }, 'nobody becomes a guest by a bad token');
    t.notMatch(JSON.stringify(await stack.database.sql`select * from app.guests`), new RegExp(guest.guestToken));
  });

  await t.test('a token that nobody uses ends, and all that was the guest’s with it', async (t) => {
    const { sql } = stack.database;
    await sql`update app.guests set expires_at = now() + interval '5 days'`;
    await guest.conversation.read();
    await sql`update app.guests set expires_at = expires_at - interval '6 days'`;
    t.match(await guest.conversation.read(), { title: 'Nearby' }, 'using it kept it');
    t.equal((await other.send('GET', other.conversation.path)).status, 401);
    await sql`update app.guests set expires_at = now()`;
    t.equal((await guest.send('GET', guest.conversation.path)).status, 401);
    const sweeping = await stack.worker();
    while ((await sql`select from app.guests`).length > 0);
    await sweeping.stop();
    const left = await sql`
      select from app.guests union all select from app.chat_messages union all select from app.jobs
      union all select from app.chat_sessions where id <> ${theirs.sessionId} union all select from app.usage_days where user_id <> ${allGuests}`;
    t.equal(left.length, 0);
  });
});

void t.test('guests are forgotten, however many, also behind one who cannot be', async (t) => {
  const stack = await createStack(t);
  const { sql } = stack.database;
  const left = async () => (await sql<{ id: string }[]>`select id from app.guests order by id`).map(({ id }) => id);
  await sql`
    insert into app.guests (id, token_hash, expires_at)
    select gen_random_uuid(), sha256(n::text::bytea), now() from generate_series(1, 230) n`;
  const [first = '', second = ''] = await left();
  await sql`
    insert into app.jobs (id, user_id, type, payload) values (gen_random_uuid(), ${first}, 'nobody.knows', '{}')`;

  const { stopping } = await sql.begin(async (inside) => {
    await inside`select from app.guests where id = ${second} for update`;
    const interrupted = await stack.worker();
    await waitUntilBlocked(stack.database);
    return { stopping: interrupted.stop() };
  });
  await stopping;
  t.equal((await left()).length, 229, 'whoever shuts down waits for one guest alone');

  const worker = await stack.worker();
  while ((await left()).length > 1);
  t.strictSame(await left(), [first]);
  await worker.stop();
});

void t.test(
  '30: guests get no further by being many: their budget, and what one address may ask, are small',
  async (t) => {
    const stack = await createStack(t);
    const api = await stack.api({ GUEST_SESSION_LIMIT: '3/1d', GUEST_QUESTION_LIMIT: '3/1d' });
    const begin = () => createClient(api.url, {}).send('POST', '/chat/sessions', { tone: 'direct' });
    const [first, second] = [await createGuest(api.url), await createGuest(api.url)];
    const refused = await createClient(api.url, {}).send('POST', '/chat/sessions', {
      tone: 'direct',
      planId: randomUUID(),
    });
    t.equal(refused.status, 404);
    const replies = await Promise.all(Array.from({ length: 20 }, begin));
    t.equal(replies.filter(({ status }) => status === 201).length, 1, 'what was refused used nothing up');
    const limited = replies.find(({ status }) => status === 429);
    t.match(limited?.body, { code: 'rate-limited' });
    t.ok(Number(limited?.headers.get('retry-after')) > 86_000);
    const person = await stack.person(api);
    await converse(person);

    t.equal((await first.conversation.ask('One')).status, 202);
    t.equal((await first.conversation.ask('Two')).status, 409);
    t.equal((await second.conversation.ask('Two')).status, 202);
    await first.send('DELETE', `/jobs/${(await first.conversation.read()).messages[1]?.jobId ?? ''}`);
    const named = { 'idempotency-key': 'the-third-one' };
    const third = await first.conversation.ask('Three', named);
    t.equal(third.status, 202);
    await second.send('DELETE', `/jobs/${(await second.conversation.read()).messages[1]?.jobId ?? ''}`);
    t.match(await second.conversation.ask('Four'), { status: 429, body: { code: 'rate-limited' } });

    t.match(
      await first.conversation.ask('Three', named),
      { status: 202, body: third.body },
      'a repeated request is none',
    );

    const strict = await stack.api({ ...many, GUEST_DAILY_TOKEN_BUDGET: '1000' });
    const poor = await createGuest(strict.url);
    t.match(await poor.conversation.ask('Anything?'), {
      status: 429,
      body: { code: 'budget-exhausted', limit: 1_000, detail: /without an account\. Sign in to go on/ },
    });
    const shown = await strict.metrics.registry.metrics();
    t.match(shown, /rate_limited_total\{limit="guest-questions"/);
    t.match(shown, /^rate_limited_total\{limit="tokens:guest".*\} 1$/m);
    t.match(shown, /^rate_limited_total\{limit="tokens:person".*\} 0$/m, 'nobody has to be woken for a guest');
  },
);

void t.test(
  '30: all guests together have one budget, also in parallel over two copies, and then sign in',
  async (t) => {
    const model = await createFakeModel(t);
    model.behave(streams({ pieces: ['Ask them.'], usage: { prompt_tokens: 500, completion_tokens: 50 } }));
    const stack = await createStack(t);
    const { sql } = stack.database;
    const plain = await stack.api(many);
    const first = await createGuest(plain.url);
    const asked = await first.conversation.ask('Now?');
    const { body } = await first.send<Usage>('GET', '/usage');
    const each = body.tokens.reserved;
    t.ok(each > 0);
    await first.send('DELETE', `/jobs/${asked.body.jobId}`);

    const limit = each * 6 - 1;
    const variables = { ...many, GUESTS_DAILY_TOKEN_BUDGET: String(limit) };
    const [one, two] = [await stack.api(variables), await stack.api(variables)];
    const guests = await Promise.all(
      Array.from({ length: 40 }, (_, index) => createGuest(index % 2 ? one.url : two.url)),
    );
    const replies = await Promise.all(
      guests.map(async (guest) => ({ guest, reply: await guest.conversation.ask('Now?') })),
    );
    const accepted = replies.filter(({ reply }) => reply.status === 202);
    t.equal(accepted.length, 5, 'as many as all of them may ask');
    const refused = replies.filter(({ reply }) => reply.status === 429);
    t.equal(refused.length, 35);
    for (const { reply } of refused) {
      t.match(reply.body, {
        code: 'budget-exhausted',
        detail: /^Guests together .*without an account\. Sign in to go on/,
        limit,
        reserved: each * 5,
        remaining: each - 1,
      });
      t.ok(Number(reply.headers.get('retry-after')) > 0);
    }
    t.match(await one.metrics.registry.metrics(), /^rate_limited_total\{limit="tokens:all-guests"/m);
    t.equal((await sql`select from app.usage_days`).length, 7, 'who was refused has no day');
    t.equal((await (await converse(await stack.person(one))).ask('Now?')).status, 202, 'people are not affected');

    const [cancelled, ...others] = accepted;
    const path = `/jobs/${String(cancelled?.reply.body.jobId)}`;
    await Promise.all([cancelled?.guest.send('DELETE', path), cancelled?.guest.send('DELETE', path)]);
    const next = refused[0]?.guest;
    const again = await next?.conversation.ask('And now?');
    t.equal(again?.status, 202, 'what is called off makes room, once');
    t.equal((await refused[1]?.guest.conversation.ask('And now?'))?.status, 429);

    await stack.worker({ OPENAI_BASE_URL: model.url, LLM_MODEL: 'gpt-6-luna' });
    await Promise.all(others.map(({ guest, reply }) => guest.watchToEnd(reply.body.jobId)));
    await next?.watchToEnd(String(again?.body.jobId));
    const [day] = await sql`
    select tokens_used::int as used, tokens_reserved::int as reserved, jobs_unfinished as unfinished
    from app.usage_days where user_id = ${allGuests}`;
    t.strictSame({ ...day }, { used: 5 * 550, reserved: 0, unfinished: 0 });

    const closed = await stack.api({ ...many, GUESTS_DAILY_TOKEN_BUDGET: '0' });
    t.match(await (await createGuest(closed.url)).conversation.ask('Now?'), {
      status: 429,
      body: {
        code: 'budget-exhausted',
        limit: 0,
        detail: 'Nothing can be asked here without an account. Sign in to go on from here.',
      },
    });
  },
);
