import { randomUUID } from 'node:crypto';
import t from 'tap';
import { z } from 'zod';
import type { Further } from '../../src/app.ts';
import { handOverWork } from '../../src/jobs/hand-over.store.ts';
import { beginEcho, createEchoes, echoes, echoWork, usageOf } from '../support/echo.ts';
import { createGate, hasState, isDelta, nextEvent } from '../support/settle.ts';
import { createStack, type Api } from '../support/stack.ts';

/** Guests ask by name here; whoever has guests proves who they are. */
const asGuest: Further = {
  jobs: echoes.jobs,
  async routes(app, services) {
    const body = z.strictObject({ guestId: z.uuid(), text: z.string() });
    app.post('/echoes-of-guests', { schema: { body } }, async ({ body: { guestId, text }, traceparent }) => {
      const asker = { userId: guestId, sessionId: null, traceparent, idempotencyKey: undefined };
      return beginEcho(services, asker, { text, tokens: 100 });
    });
  },
};

void t.test('a guest’s jobs become a person’s, with what they cost and hold, also while they run', async (t) => {
  const stack = await createStack(t);
  await createEchoes(stack);
  const api = await stack.api({ GUEST_DAILY_TOKEN_BUDGET: '250' }, asGuest);
  const person = await stack.person(api);
  const guestId = randomUUID();
  const ask = (text: string) => person.send<{ jobId: string }>('POST', '/echoes-of-guests', { guestId, text });
  const [done, running] = [await ask('done'), await ask('running')];
  t.match(await ask('one too many'), { status: 429, body: { code: 'budget-exhausted', limit: 250 } });
  t.equal((await person.send('GET', `/jobs/${done.body.jobId}`)).status, 404);

  const [began, gate] = [createGate(), createGate()];
  await stack.worker(
    {},
    echoWork(async ({ payload, emit }) => {
      if (payload.text === 'running') {
        emit({ event: 'delta', data: { part: 'chorus', text: 'r' } });
        began.open();
        await gate.passed;
      }
      return { result: { text: payload.text }, usage: usageOf(10, 1) };
    }),
  );
  await began.passed;
  while ((await stack.database.sql`select from app.jobs where state = 'succeeded'`).length === 0);
  const { sub: userId, sid: sessionId } = person;
  await handOver(api, { guestId, userId, sessionId });
  await handOver(api, { guestId, userId, sessionId });

  const tokens = async () => (await person.send('GET', '/usage')).body['tokens'];
  t.match(await tokens(), { used: 11, reserved: 100 });
  const stream = person.watch(running.body.jobId);
  await nextEvent(stream, isDelta);
  gate.open();
  await nextEvent(stream, hasState('succeeded'));
  t.match(await tokens(), { used: 22, reserved: 0 });
  const [row] = await stack.database.sql`select heard_by from app.echoes where job_id = ${running.body.jobId}`;
  t.match(row, { heard_by: userId }, 'it is stored as the person’s');
  t.match(await person.job(done.body.jobId), { state: 'succeeded' });
  t.strictSame([...(await stack.database.sql`select from app.usage_days where user_id = ${guestId}`)], []);
});

void t.test('what two guests used becomes one person’s day by day, so that neither waits for the other', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const { sub: userId, sid: sessionId } = await stack.person(api);
  const { sql } = stack.database;
  const [early, late] = ['2026-01-01', '2026-01-02'];
  const use = (owner: string, day: string) =>
    sql`insert into app.usage_days (user_id, day, tokens_used) values (${owner}, ${day}, 1)`;
  const guestId = randomUUID();
  for (const [owner, day] of [
    [userId, early],
    [userId, late],
    [guestId, late],
    [guestId, early],
  ] as const)
    await use(owner, day);
  let moved: Promise<void> | undefined;
  await sql.begin(async (holder) => {
    const hold = (day: string) => holder`
      select from app.usage_days where user_id = ${userId} and day = ${day} for update nowait`;
    await hold(early);
    moved = handOver(api, { guestId, userId, sessionId });
    const waiting = () => sql`
      select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    while ((await waiting()).length === 0);
    await hold(late);
  });
  await moved;
  t.same(
    (await sql`select tokens_used::int as used from app.usage_days where user_id = ${userId}`).map(({ used }) =>
      Number(used),
    ),
    [2, 2],
  );
});

function handOver({ resources: { database } }: Api, parties: Parameters<typeof handOverWork>[1]): Promise<void> {
  return database.db.transaction((transaction) => handOverWork(transaction, parties));
}
