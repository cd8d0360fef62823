import { createFakeModel, streams } from '@alva/testing';
import t from 'tap';
import { conversationOf, converse, createGuest, type Guest } from '../support/conversation.ts';
import { libraryOf } from '../support/library.ts';
import { createGate, hasState, isDelta, nextEvent } from '../support/settle.ts';
import { createStack } from '../support/stack.ts';

const many = { GUEST_SESSION_LIMIT: '1000/1d', GUEST_QUESTION_LIMIT: '1000/1d' };
const allGuests = '00000000-0000-0000-0000-000000000000';
const usage = { prompt_tokens: 500, completion_tokens: 50 };

void t.test('a guest’s chat becomes a person’s exactly once, with its jobs and spend', async (t) => {
  const model = await createFakeModel(t);
  const stack = await createStack(t);
  const [one, two] = [await stack.api(many), await stack.api(many)];
  await stack.worker({ OPENAI_BASE_URL: model.url, LLM_MODEL: 'gpt-6-luna' });
  const guest = await createGuest(one.url);
  const { sessionId } = guest.conversation;
  model.behave(streams({ pieces: ['Morning people.'], usage }));
  const before = await guest.conversation.answered('Who are my customers?');
  const gate = createGate();
  model.behave(streams({ pieces: ['Ask ', 'them.'], usage, before: async (index) => index === 0 || gate.passed }));
  const running = await guest.conversation.ask('How do I find out?');
  const asGuest = guest.watch(running.body.jobId);
  await nextEvent(asGuest, isDelta);

  const people = [await stack.person(one), await stack.person(two)];
  const merge = (person = people[0], body: object = { sessionId, guestToken: guest.guestToken }) =>
    person?.send('POST', '/chat/session/merge', body);
  const stranger = await createGuest(one.url);
  t.equal(
    (await merge(people[0], { sessionId, guestToken: stranger.guestToken }))?.status,
    404,
    'a token of another chat',
  );
  // Connections that have yet to be opened would let the first one through alone.
  await Promise.all(Array.from({ length: 60 }, async (_, index) => people[index % 2]?.send('GET', '/plans')));
  const replies = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => ({ index: index % 2, reply: await merge(people[index % 2]) })),
  );
  const won = new Set(replies.flatMap(({ index, reply }) => (reply?.status === 200 ? [index] : [])));
  t.equal(won.size, 1);
  const [winner = 0] = won;
  const [owner, loser] = winner === 0 ? people : people.reverse();
  if (!owner || !loser) throw new Error('nobody won');
  for (const { index, reply } of replies) {
    t.match(reply, index === winner ? { status: 200, body: { sessionId } } : { status: 404 });
  }
  t.match(await merge(owner), { status: 200, body: { sessionId } }, 'asking again changes nothing');
  t.equal((await merge(loser))?.status, 404);
  t.match(await guest.send('GET', guest.conversation.path), { status: 401, body: { code: 'guest-token-invalid' } });

  const chat = conversationOf(owner, sessionId);
  t.match(await owner.job(before.jobId ?? ''), { state: 'succeeded' });
  t.match(await owner.send('GET', '/usage'), { body: { tokens: { used: 550, reserved: Number } } });
  const stream = owner.watch(running.body.jobId);
  gate.open();
  await nextEvent(stream, hasState('succeeded'));
  t.match(await chat.read(), {
    title: 'Who are my customers?',
    messages: [{}, { content: 'Morning people.' }, {}, { content: 'Ask them.', status: 'ready' }],
  });
  t.match(await owner.send('GET', '/usage'), { body: { tokens: { limit: 500_000, used: 1_100, reserved: 0 } } });
  const [shared] = await stack.database.sql`
    select tokens_used::int as used, tokens_reserved::int as reserved from app.usage_days where user_id = ${allGuests}`;
  t.strictSame({ ...shared }, { used: 550, reserved: 0 }, 'guests together used what was used before');
  model.behave(streams({ pieces: ['Gladly.'], usage }));
  t.match(await chat.answered('Thank you'), { content: 'Gladly.' });
  const { sql } = stack.database;
  const [left] = await sql`select (select count(*)::int from app.guests) as guests,
    (select count(distinct user_id)::int from app.jobs) as owners, (select count(*)::int from app.usage_days where user_id <> ${allGuests}) as accounts`;
  t.strictSame({ ...left }, { guests: 1, owners: 1, accounts: 1 });
});

void t.test(
  '30: one person has 1,000 conversations and no more, however many are begun or taken over at once',
  async (t) => {
    const stack = await createStack(t);
    const [one, two] = [await stack.api(many), await stack.api(many)];
    const person = await stack.person(one);
    await stack.database.sql`
    insert into app.chat_sessions (id, user_id, tone)
    select gen_random_uuid(), ${person.sub}, 'direct' from generate_series(1, 997)`;
    const guests = await Promise.all(Array.from({ length: 5 }, () => createGuest(two.url)));
    const merge = ({ guestToken, conversation: { sessionId } }: Guest) =>
      person.at(two.url).send('POST', '/chat/session/merge', { sessionId, guestToken });
    const begin = () => person.send<{ sessionId: string }>('POST', '/chat/sessions', { tone: 'direct' });
    const taken = Promise.all(guests.map(merge));
    const begun = await Promise.all(Array.from({ length: 15 }, begin));
    const replies = [...begun, ...(await taken)];
    t.equal(replies.filter(({ status }) => status < 300).length, 3);
    t.equal(replies.filter(({ status }) => status === 409).length, 17);
    t.match(await begin(), { status: 409, body: { code: 'conflict', detail: /1,000 conversations.*Delete one/ } });

    const waiting = await createGuest(one.url);
    t.match(await merge(waiting), { status: 409, body: { code: 'conflict' } });
    t.match(await waiting.conversation.read(), { id: waiting.conversation.sessionId }, 'it is still the guest’s');
    const [{ id } = { id: '' }] = (await person.send<{ items: { id: string }[] }>('GET', '/chat/sessions')).body.items;
    t.equal((await person.send('DELETE', `/chat/sessions/${id}`)).status, 204);
    t.match(await merge(waiting), { status: 200 });
    t.match(await merge(waiting), { status: 200 }, 'asking again changes nothing');
  },
);

void t.test('what a guest asked before signing in is answered within what was set aside, and only once', async (t) => {
  const model = await createFakeModel(t);
  const stack = await createStack(t);
  const api = await stack.api(many);
  const variables = { OPENAI_BASE_URL: model.url, LLM_MODEL: 'gpt-6-luna' };
  const worker = await stack.worker(variables);
  const person = await stack.person(api);
  await person.hasProfile();
  await libraryOf(person, api.url).read('prices.md', 'Delivery costs 15 €.');
  await worker.stop();

  const guest = await createGuest(api.url);
  const { sessionId } = guest.conversation;
  const key = { 'idempotency-key': 'what-it-costs' };
  const taken = { 'idempotency-key': 'taken-before' };
  const own = await converse(person);
  const mine = await own.ask('Mine', taken);
  t.equal((await guest.conversation.ask('Forget it', taken)).status, 202);
  await guest.send('DELETE', `/jobs/${(await guest.conversation.read()).messages[1]?.jobId ?? ''}`);
  const asked = await guest.conversation.ask('What does delivery cost?', key);
  t.equal(asked.status, 202);
  const merged = await person.send('POST', '/chat/session/merge', { sessionId, guestToken: guest.guestToken });
  t.equal(merged.status, 200);

  const chat = conversationOf(person, sessionId);
  t.match(await chat.ask('What does delivery cost?', key), { status: 202, body: asked.body }, 'sent once more');
  t.match(await chat.ask('Something else?', key), { status: 409, body: { code: 'idempotency-key-reused' } });
  t.match(await own.ask('Mine', taken), { status: 202, body: mine.body }, 'a key of their own stays theirs');
  await person.send('DELETE', `/jobs/${mine.body.jobId}`);
  t.equal((await stack.database.sql`select from app.idempotency_keys where user_id <> ${person.sub}`).length, 0);

  model.behave(streams({ pieces: ['That depends.'], usage }));
  await stack.worker(variables);
  await person.watchToEnd(asked.body.jobId);
  t.match((await chat.read()).messages.at(-1), { content: 'That depends.', citations: [] });
  const sent = () => JSON.stringify(model.requests.at(-1));
  t.notMatch(sent(), /<\/client-profile>|<\/passage>/, 'nothing goes along that was not counted');
  t.match(await chat.answered('And what does delivery cost me?'), { status: 'ready' });
  t.match(sent(), /<\/client-profile>[^]*<\/passage>/);
});

void t.test('a question that is asked while its chat changes hands is the person’s, or was never asked', async (t) => {
  const stack = await createStack(t);
  const [one, two] = [await stack.api(many), await stack.api(many)];
  const person = await stack.person(two);
  const outcomes = await Promise.all(
    Array.from({ length: 25 }, async () => {
      const guest = await createGuest(one.url);
      const { sessionId } = guest.conversation;
      const [asked, merged] = await Promise.all([
        guest.conversation.ask('Now?'),
        person.send('POST', '/chat/session/merge', { sessionId, guestToken: guest.guestToken }),
      ]);
      t.equal(merged.status, 200);
      if (asked.status === 202) t.match(await person.job(asked.body.jobId), { state: 'queued' });
      else t.ok([401, 404].includes(asked.status), String(asked.status));
      return asked.status;
    }),
  );
  const accepted = outcomes.filter((status) => status === 202).length;
  const { sql } = stack.database;
  const rows = await sql`select from app.jobs where user_id = ${person.sub}`;
  t.equal(rows.length, accepted);
  t.equal((await sql`select from app.jobs`).length, accepted);
  t.strictSame(
    [
      ...(await sql`select distinct user_id, tokens_reserved = (select coalesce(sum(reserved_tokens), 0) from app.jobs) as kept
        from app.usage_days where user_id <> ${allGuests}`),
    ],
    accepted === 0 ? [] : [{ user_id: person.sub, kept: true }],
  );
  const held = await sql`
    select from app.usage_days where user_id = ${allGuests} and (tokens_reserved, jobs_unfinished) <> (0, 0)`;
  t.equal(held.length, 0, 'guests hold nothing of what is a person’s');
});
