import { readFile } from 'node:fs/promises';
import { auditEvents, topics } from '@alva/shared-types';
import t from 'tap';
import { newAddress, startAuth } from '../support/auth.ts';
import { ask, openBrowser } from '../support/browser.ts';
import { addClient, revoke } from '../support/clients.ts';
import { codeOf, openSession, refresh, signOut, successorIn } from '../support/sessions.ts';
import { askForLink, refreshTokenOf, signIn } from '../support/sign-in.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t, { env: { ALVA_INIT_ADMIN_EMAIL: 'founder@example.com' } });
const { sql } = auth.database;
const verify = '/auth/verify-magic-link';

interface Row {
  readonly event: string;
  readonly user_id: string | null;
  readonly session_id: string | null;
  readonly address: string | null;
  readonly request_id: string | null;
  readonly detail: Record<string, string>;
}

async function trail(where: { user?: string; attempt?: string; request?: string }): Promise<Row[]> {
  return sql<Row[]>`select event, user_id, session_id, address, request_id, detail from auth.audit_events
    where user_id = ${where.user ?? null} or detail ->> 'attempt' = ${where.attempt ?? null} or request_id = ${where.request ?? null}
    order by id`;
}

const eventsOf = async (where: Parameters<typeof trail>[0]) => (await trail(where)).map(({ event }) => event);
const wrong = (code: string) => (code === 'AAAAAA' ? 'CCCCCC' : 'AAAAAA');

t.test('a way in leaves its trail: who, what, session, address, request', async (t) => {
  const { tokens, browser } = await signIn(auth);
  await signOut(auth.url, refreshTokenOf(browser));
  const rows = await trail({ user: tokens.user.id });
  t.match(rows, [
    { event: 'account-created', session_id: null },
    { event: 'signed-in', session_id: /^[\da-f-]{36}$/ },
    { event: 'signed-out', session_id: /^[\da-f-]{36}$/ },
  ]);
  t.ok(rows.every(({ address, request_id: requestId }) => address === '127.0.0.1' && requestId));
});

t.test('a link that is sent is recorded the same for everybody, and names nobody without an account', async (t) => {
  const [known, unknown] = [newAddress(), newAddress()];
  const { tokens } = await signIn(auth, known);
  const mine = await askForLink(auth, openBrowser(auth.url), known);
  const theirs = await askForLink(auth, openBrowser(auth.url), unknown);
  t.match(await trail({ attempt: mine.attemptId }), [
    { event: 'link-sent', user_id: tokens.user.id, detail: { attempt: mine.attemptId } },
  ]);
  t.strictSame(await eventsOf({ attempt: theirs.attemptId }), ['link-sent']);
  const [row] = await trail({ attempt: theirs.attemptId });
  t.equal(row?.user_id, null);
  t.notMatch(JSON.stringify(await sql`select * from auth.audit_events`), unknown);
});

t.test('a sign-in that is refused says why, and whose account it was', async (t) => {
  const email = newAddress();
  const { tokens } = await signIn(auth, email);
  const user = tokens.user.id;
  const refusalsOf = async (attempt: string) =>
    (await trail({ attempt }))
      .filter(({ event }) => event === 'sign-in-refused')
      .map(({ user_id: userId, address, detail: { way, reason } }) => ({ userId, address, way, reason }));
  const by = { userId: user, address: '127.0.0.1' };

  const browser = openBrowser(auth.url);
  const first = await askForLink(auth, browser, email);
  await browser.post(verify, { attemptId: first.attemptId, code: wrong(first.code) });
  t.strictSame(await refusalsOf(first.attemptId), [{ ...by, way: 'code', reason: 'code-invalid' }]);
  const second = await askForLink(auth, browser, email);
  await browser.post(verify, { token: first.token });
  t.match((await refusalsOf(first.attemptId))[1], { ...by, way: 'link', reason: 'link-superseded' });
  await browser.copy().post(verify, { token: second.token });
  await browser.post(verify, { token: second.token });
  await browser.post(verify, { attemptId: second.attemptId, code: second.code });
  t.strictSame(await refusalsOf(second.attemptId), [
    { ...by, way: 'link', reason: 'link-used' },
    { ...by, way: 'code', reason: 'link-used' },
  ]);
  const third = await askForLink(auth, browser, email);
  await sql`update auth.sign_in_attempts set expires_at = now() where id = ${third.attemptId}`;
  await browser.post(verify, { token: third.token });
  t.strictSame(await refusalsOf(third.attemptId), [{ ...by, way: 'link', reason: 'link-expired' }]);

  const last = await askForLink(auth, browser, email);
  await sql`update auth.users set disabled_at = now() where id = ${user}`;
  const answer = await browser.post(verify, { token: last.token });
  t.equal(codeOf(answer), 'account-disabled');
  const rows = await trail({ user });
  t.match(rows.at(-1), { event: 'sign-in-refused', detail: { way: 'link', reason: 'account-disabled' } });
});

t.test('opening a link elsewhere is a question, not a refusal; what nobody knows touches nobody', async (t) => {
  const email = newAddress();
  const { attemptId, token } = await askForLink(auth, openBrowser(auth.url), email);
  t.equal(codeOf(await openBrowser(auth.url).post(verify, { token })), 'different-browser');
  t.strictSame(await eventsOf({ attempt: attemptId }), ['link-sent']);
  const request = 'nobody-knows-this-link';
  await openBrowser(auth.url).post(verify, { token: 'A'.repeat(43) }, { 'x-request-id': request });
  t.strictSame(await eventsOf({ request }), []);
});

t.test('every end of a session is told apart', async (t) => {
  const client = await addClient(auth);
  const reused = await openSession(auth);
  const second = successorIn(await refresh(auth.url, reused.token));
  await refresh(auth.url, second);
  await letTimePass(auth.database, '11 seconds');
  await refresh(auth.url, reused.token);
  const revoked = await openSession(auth);
  await revoke(auth, client, revoked.token);
  const last = async (user: string) => (await trail({ user })).at(-1);
  t.match(await last(reused.userId), { event: 'refresh-token-reused', session_id: reused.sessionId });
  t.match(await last(revoked.userId), { event: 'token-revoked', detail: { client: client.id } });
});

t.test(
  'the first admin is made by the configuration, once, however many sign-ins race, and that is recorded',
  async (t) => {
    const email = 'founder@example.com';
    const requester = { address: '127.0.0.1', userAgent: null, requestId: 'race' };
    const { stores } = auth.resources;
    const people = await Promise.all(
      Array.from({ length: 20 }, () =>
        stores.atomically(async ({ users }) => {
          const { person } = await users.prove(email, requester);
          return (await users.makeAdmin(person.id, requester)) ?? person;
        }),
      ),
    );
    t.ok(people.every(({ roles }) => roles.join() === 'user,admin'));
    const user = people[0]?.id ?? '';
    t.strictSame(await eventsOf({ user }), ['account-created', 'roles-changed']);
    t.match((await trail({ user }))[1], { detail: { roles: ['user', 'admin'], because: 'ALVA_INIT_ADMIN_EMAIL' } });
    const { tokens } = await signIn(auth, email);
    t.strictSame(tokens.user.roles, ['user', 'admin']);
    t.strictSame((await eventsOf({ user })).filter((event) => event === 'roles-changed').length, 1);

    const without = await startAuth(t, { database: auth.database });
    t.strictSame((await signIn(without, email)).tokens.user.roles, ['user', 'admin'], 'the role outlives the variable');
  },
);

t.test('23: no row of the trail holds a secret', async (t) => {
  const client = await addClient(auth);
  const browser = openBrowser(auth.url);
  const { token, code, attemptId } = await askForLink(auth, browser, newAddress());
  const attemptSecret = browser.cookies.get('sign_in_attempt') ?? '';
  await browser.post(verify, { attemptId, code: wrong(code) });
  const signedIn = await browser.post(verify, { token });
  const { accessToken } = signedIn.json as { accessToken: string };
  const refreshToken = refreshTokenOf(browser);
  await browser.post('/auth/refresh');
  const successor = refreshTokenOf(browser);
  await ask(`${auth.url}/auth/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  await revoke(auth, client, successor);
  await openBrowser(auth.url).post(verify, { token });

  const stored = JSON.stringify(await sql`select * from auth.audit_events`);
  const secrets = { token, attemptSecret, refreshToken, successor, accessToken, client: client.secret };
  for (const [name, secret] of Object.entries(secrets)) {
    t.ok(secret.length >= 43, name);
    t.notOk(stored.includes(secret), name);
    t.notOk(stored.includes(Buffer.from(secret, 'base64url').toString('hex')), `${name} in hexadecimal`);
  }
  t.notMatch(stored, new RegExp(`\\b${code}\\b`), 'nor the code');
  t.notMatch(stored, accessToken.slice(-40));
});

t.test('the service itself cannot change or shorten the trail', async (t) => {
  for (const statement of [
    `update auth.audit_events set event = 'signed-out'`,
    'delete from auth.audit_events',
    'truncate auth.audit_events',
    'alter table auth.audit_events disable trigger all',
    'drop table auth.audit_events',
  ]) {
    const tried = sql.begin(async (inside) => {
      await inside.unsafe('set local role alva_auth');
      await inside.unsafe(statement);
    });
    await t.rejects(tried, { code: '42501' }, statement);
  }
});

t.test('the page for operators explains every event, and no other', async (t) => {
  const page = await readFile(new URL('../../../../docs/operations/audit.md', import.meta.url), 'utf8');
  const explained = [...page.matchAll(/^\| `([a-z-]+)`/gm)].map(([, event]) => event);
  t.strictSame(explained.sort(), [...auditEvents].sort());
});

t.test('what is announced to other services is said after it is in the trail', async (t) => {
  const { token, sessionId } = await openSession(auth);
  const { promise: heard, resolve } = Promise.withResolvers<unknown>();
  const stop = auth.resources.queues.topics.subscribe(topics.sessionRevoked(sessionId), () => {
    resolve(sql`select event from auth.audit_events where session_id = ${sessionId} and event = 'signed-out'`);
  });
  t.teardown(stop);
  await signOut(auth.url, token);
  t.match(await heard, [{ event: 'signed-out' }]);
});
