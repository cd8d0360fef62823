import { openQueues } from '@alva/queue';
import t from 'tap';
import { newAddress, startAuth } from '../support/auth.ts';
import { openBearer, type Bearer } from '../support/admin.ts';
import { hearEnds } from '../support/announcements.ts';
import { ask, openBrowser } from '../support/browser.ts';
import { subjectsTo, tokenInLetter, waitForLetter } from '../support/letters.ts';
import { codeOf, openSession } from '../support/sessions.ts';
import { askForLink, signIn } from '../support/sign-in.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t);
const copy = await startAuth(t, { database: auth.database });
const { sql } = auth.database;
const asked = /will be deleted$/;

const remove = (person: Bearer, email = person.email) => person.send('DELETE', '/auth/me', { email });
const keep = (token: string) => ask(`${auth.url}/auth/keep-account`, { method: 'POST', body: { token } });
const isThere = async (id: string) => (await sql`select from auth.users where id = ${id}`).length === 1;

/** The runners of both copies, as their timers would have them. */
async function run(): Promise<void> {
  await Promise.all([auth, copy].map(({ resources }) => resources.deletionRunner.run()));
}

/** What the api would be told, and its answer. */
async function openApi() {
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const queues = await openQueues({ databaseUrl: auth.database.url, role: 'alva_app', logger });
  return {
    /** Forgets whoever it is told of; resolves when it is this person. */
    told: (userId: string) =>
      new Promise<void>((resolve) =>
        queues.worker('user-deleted', async ({ payload }) => {
          await queues.queue('user-forgotten').addAgain(
            { deletionId: payload.deletionId },
            {
              id: payload.deletionId,
            },
          );
          if (payload.userId === userId) resolve();
        }),
      ),
    close: () => queues.close(),
  };
}

t.test('21: asking ends every session within a second, tells verifiers why, and clears the cookie', async (t) => {
  const ends = hearEnds(copy);
  const ada = await openBearer(auth);
  const elsewhere = await openSession(auth, ada.email);
  const before = Date.now();
  const answer = await remove(ada);
  t.equal(answer.status, 202, answer.text);
  t.match(answer.setCookies, [/^refresh_token=;/]);
  const days = (Date.parse((answer.json as { deletionDueAt: string }).deletionDueAt) - Date.now()) / 86_400_000;
  t.ok(days > 13.9 && days < 14.1);
  t.equal(await ends.endOf(elsewhere.sessionId), 'account-deleted');
  t.ok(Date.now() - before < 1000);
  t.equal((await ada.get('/auth/me')).status, 401);
  t.equal((await ada.browser.post('/auth/refresh')).status, 401);
  t.ok(await isThere(ada.id), 'and nothing is gone yet');
});

t.test('it has to be typed: another address, or none, deletes nothing', async (t) => {
  const ada = await openBearer(auth);
  t.equal((await remove(ada, newAddress())).status, 422);
  t.equal((await ada.send('DELETE', '/auth/me')).status, 422);
  t.equal((await ada.send('DELETE', '/auth/me', { email: ada.email, userId: ada.id })).status, 422);
  t.equal((await ada.get('/auth/me')).status, 200);
  t.equal((await remove(ada, ada.email.toUpperCase())).status, 202, 'the case of its letters is no mistake');
});

t.test('asking wants a sign-in of the last ten minutes', async (t) => {
  const ada = await openBearer(auth);
  await letTimePass(auth.database, '11 minutes');
  const { json } = await ada.browser.post('/auth/refresh');
  const authorization = `Bearer ${(json as { accessToken: string }).accessToken}`;
  const answer = await ada.send('DELETE', '/auth/me', { email: ada.email }, { authorization });
  t.match(answer, { status: 403, json: { code: 'step-up-required' } });
  t.ok(await isThere(ada.id));
});

t.test('whoever signs in again learns of it and can keep the account', async (t) => {
  const ada = await openBearer(auth);
  await remove(ada);
  const back = await openBearer(auth, ada.email);
  t.equal(back.id, ada.id);
  t.match(back.tokens.user.deletionDueAt, /^\d{4}-/);
  t.match(await back.send('DELETE', '/auth/me', { email: ada.email }), { status: 409, json: { code: 'conflict' } });
  t.equal((await back.send('POST', '/auth/me/keep')).status, 204);
  t.equal((await back.send('POST', '/auth/me/keep')).status, 204, 'twice is once');
  t.notMatch(await back.get('/auth/me'), { json: { deletionDueAt: String } });
  await letTimePass(auth.database, '15 days');
  await run();
  t.ok(await isThere(ada.id));
});

t.test('the link of the letter keeps the account, once, and signs nobody in', async (t) => {
  const ada = await openBearer(auth);
  await remove(ada);
  const token = await tokenInLetter(auth, ada.email, asked);
  const answer = await keep(token);
  t.equal(answer.status, 204);
  t.strictSame(answer.setCookies, []);
  t.equal(codeOf(await keep(token)), 'link-used');
  await letTimePass(auth.database, '15 days');
  await run();
  t.ok(await isThere(ada.id));
});

t.test('2: a sign-in link keeps no account, and the link of the letter opens none', async (t) => {
  const ada = await openBearer(auth);
  await remove(ada);
  const { token } = await askForLink(auth, openBrowser(auth.url), ada.email);
  t.equal(codeOf(await keep(token)), 'link-invalid');
  const letter = await tokenInLetter(auth, ada.email, asked);
  const opened = await openBrowser(auth.url).post('/auth/verify-magic-link', { token: letter, confirm: 'here' });
  t.equal(opened.status, 401);
});

t.test(
  '21: once it is due nobody gets in or keeps it; what was open ends, the rows go when no token is good',
  async (t) => {
    const ends = hearEnds(auth);
    const ada = await openBearer(auth);
    await remove(ada);
    const token = await tokenInLetter(auth, ada.email, asked);
    await letTimePass(auth.database, '13 days 23 hours 58 minutes');
    const last = await signIn(auth, ada.email);
    const [session] = await sql<
      { id: string }[]
    >`select id from auth.sessions where user_id = ${ada.id} and ended_at is null`;
    await letTimePass(auth.database, '5 minutes');
    const link = await askForLink(auth, last.browser, ada.email);
    await run();
    t.equal(await ends.endOf(session?.id ?? ''), 'account-deleted');
    t.match(await ask(`${auth.url}/auth/revocations`), {
      json: { sessions: [{ sid: session?.id, reason: 'revoked' }] },
    });
    t.ok(await isThere(ada.id), 'its last tokens could still be shown');
    t.equal(codeOf(await keep(token)), 'link-expired');
    const tried = await openBrowser(auth.url).post('/auth/verify-magic-link', { token: link.token, confirm: 'here' });
    t.equal(codeOf(tried), 'account-disabled');
    await letTimePass(auth.database, '17 minutes');
    await run();
    t.notOk(await isThere(ada.id));
    t.ok(await waitForLetter(auth, ada.email, /was deleted$/));
  },
);

t.test('the api is told until it says that it has forgotten, and only the trail keeps an identifier', async (t) => {
  const ada = await openBearer(auth);
  await ada.send('PATCH', '/auth/me', { name: 'Ada Lovelace' });
  await ada.send('POST', '/auth/me/email', { email: newAddress() });
  await ada.send('POST', '/auth/me/export');
  await askForLink(auth, openBrowser(auth.url), ada.email);
  await remove(ada);
  await letTimePass(auth.database, '15 days');
  await run();
  await run();
  t.notOk(await isThere(ada.id));
  const untold = () => sql<{ id: string }[]>`select id from auth.user_deletions where user_id = ${ada.id}`;
  t.equal((await untold()).length, 1, 'the api is down, so it is remembered what it is owed');

  // The queue loses everything.
  await auth.resources.queues.queue('user-deleted').remove((await untold())[0]?.id ?? '');
  await run();
  const api = await openApi();
  await api.told(ada.id);
  while ((await untold()).length > 0) await new Promise((resolve) => setImmediate(resolve));
  await api.close();
  const { queues } = auth.resources;
  while ((await queues.queue('user-deleted').bull.getJobCountByTypes('completed', 'active')) > 0)
    await new Promise((resolve) => setImmediate(resolve));

  // What the inbox of development holds is the person's own mail.
  await subjectsTo(auth, ada.email);
  t.strictSame(await tablesWith(ada.id, ada.email, 'Ada Lovelace'), ['auth.audit_events']);
  const [trail] = await sql<{ text: string }[]>`
    select string_agg(a::text, ' ') as text from auth.audit_events a where user_id = ${ada.id}`;
  t.notMatch(trail?.text, new RegExp(ada.email), 'no address');
  t.match(trail?.text, /account-deleted/);
});

/** Every table of every schema that mentions one of these anywhere. */
async function tablesWith(...words: string[]): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
      and table_name <> 'inbox_mails' order by 1`;
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await sql.unsafe(`select from ${name} r where r::text ilike any ($1) limit 1`, [
      words.map((word) => `%${word}%`),
    ]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}

t.test('keeping and deleting at the same moment: one of them happened', async (t) => {
  for (let round = 0; round < 10; round++) {
    const ada = await openBearer(auth);
    await remove(ada);
    const token = await tokenInLetter(auth, ada.email, asked);
    await sql`update auth.users set deletion_due_at = now() + interval '2 milliseconds' where id = ${ada.id}`;
    const [kept] = await Promise.all([keep(token), run()]);
    await letTimePass(auth.database, '1 hour');
    await run();
    t.equal(await isThere(ada.id), kept.status === 204);
  }
});

t.test('20: a session that begins while the account is being deleted is ended, too', async (t) => {
  const ada = await openBearer(auth);
  const asking = Promise.withResolvers<Awaited<ReturnType<typeof remove>>>();
  await sql.begin(async (signIn) => {
    await signIn`select from auth.users where id = ${ada.id} for no key update`;
    remove(ada).then(asking.resolve, asking.reject);
    await untilSomebodyWaits();
    await signIn`insert into auth.sessions (id, user_id, amr, authenticated_at, expires_at, address)
      select gen_random_uuid(), ${ada.id}, '{email}', now(), now() + interval '1 day', '192.0.2.1'`;
  });
  t.equal((await asking.promise).status, 202);
  t.equal((await sql`select from auth.sessions where user_id = ${ada.id} and ended_at is null`).length, 0);
});

async function untilSomebodyWaits(): Promise<void> {
  while ((await sql`select from pg_locks where not granted`).length === 0);
}

t.test('a session that ran out by itself keeps nobody here', async (t) => {
  const ada = await openBearer(auth);
  await remove(ada);
  await letTimePass(auth.database, '13 days 23 hours');
  await signIn(auth, ada.email);
  await sql`update auth.sessions set expires_at = now() - interval '1 hour' where user_id = ${ada.id} and ended_at is null`;
  await letTimePass(auth.database, '2 hours');
  await run();
  await run();
  t.notOk(await isThere(ada.id));
});
