import { newIdentifier } from '@alva/database';
import { type AdminUser, type SessionList } from '@alva/validation';
import t from 'tap';
import { openAdmin, openBearer, type Bearer } from '../support/admin.ts';
import { hearEnds } from '../support/announcements.ts';
import { newAddress, startAuth } from '../support/auth.ts';
import { ask, openBrowser } from '../support/browser.ts';
import { addClient, introspect } from '../support/clients.ts';
import { askWhilePutOut, waitUntilBlocked } from '../support/locks.ts';
import { codeOf, openSession, refresh } from '../support/sessions.ts';
import { askForLink, refreshTokenOf, signIn } from '../support/sign-in.ts';

const auth = await startAuth(t);
const copy = await startAuth(t, { database: auth.database });
const { sql } = auth.database;
const admin = await openAdmin(auth);
const client = await addClient(auth);
const ends = hearEnds(copy);

interface List {
  readonly items: AdminUser[];
  readonly nextCursor: string | null;
}

const list = async (query: string) => (await admin.get(`/admin/users?${query}`)).json as List;
const idsOf = ({ items }: List) => items.map(({ id }) => id);
const change = (id: string, body: object, by: Bearer = admin) => by.send('PATCH', `/admin/users/${id}`, body);

async function trailOf(userId: string) {
  const rows = await sql`select event, actor_id, session_id, address, request_id, detail from auth.audit_events
    where user_id = ${userId} and actor_id is not null order by id`;
  return [...rows];
}

async function sessionsOf(userId: string) {
  return sql<{ id: string; end_reason: string | null }[]>`
    select id, end_reason from auth.sessions where user_id = ${userId} order by id`;
}

t.test('an identifier in upper case names the same person to every route', async (t) => {
  const person = await openBearer(auth);
  const upper = person.id.toUpperCase();
  t.match(await admin.get(`/admin/users/${upper}`), { status: 200, json: { id: person.id } });
  t.match(await change(upper, { roles: ['user', 'admin'] }), { status: 200, json: { id: person.id } });
  t.equal((await admin.send('DELETE', `/admin/users/${upper}/sessions`)).status, 204);
  t.match(await sessionsOf(person.id), [{ end_reason: 'revoked' }]);
  t.match(await admin.get(`/admin/audit?userId=${upper}&limit=1`), { json: { items: [{ user: { id: person.id } }] } });
});

t.test('people are found by the beginning of an address or a name, in any case, or by their id', async (t) => {
  const mark = newIdentifier().slice(-8);
  const [ada, bob] = await Promise.all([
    signIn(auth, `Ada.${mark}@example.com`),
    signIn(auth, `bob.${mark}@example.com`),
  ]);
  const [first, second] = [ada.tokens.user.id, bob.tokens.user.id];
  await sql`update auth.users set name = ${`Älva ${mark}_100%`} where id = ${second}`;
  t.strictSame(idsOf(await list(`search=ada.${mark}`)), [first]);
  t.strictSame(idsOf(await list(`search=ADA.${mark}@EX`)), [first]);
  t.strictSame(idsOf(await list(`search=${encodeURIComponent(`älva ${mark}_1`)}`)), [second]);
  t.strictSame(idsOf(await list(`search=${second}`)), [second]);
  t.strictSame(idsOf(await list(`search=${encodeURIComponent(`da.${mark}`)}`)), [], 'only the beginning');
  for (const pattern of ['%', `ada_${mark}`, `ada.${mark}%`, '\\']) {
    t.strictSame(idsOf(await list(`search=${encodeURIComponent(pattern)}`)), [], `${pattern} means itself`);
  }
  t.strictSame((await list(`search=${first}`)).items[0], {
    ...ada.tokens.user,
    disabledAt: null,
  });
});

t.test('lists are narrowed by state and role, and paged without gaps or repeats while people come', async (t) => {
  const mark = newIdentifier().slice(-8);
  const people: string[] = [];
  for (let index = 0; index < 7; index += 1)
    people.unshift((await signIn(auth, `${mark}.${index}@example.com`)).tokens.user.id);
  await sql`update auth.users set disabled_at = now() where id = ${people[0] ?? ''}`;
  await sql`update auth.users set roles = '{user,admin}' where id = ${people[1] ?? ''}`;
  t.strictSame(idsOf(await list(`search=${mark}&disabled=true`)), [people[0]]);
  t.strictSame(idsOf(await list(`search=${mark}&disabled=false`)), people.slice(1));
  t.strictSame(idsOf(await list(`search=${mark}&role=admin`)), [people[1]]);

  const seen: string[] = [];
  let cursor = '';
  do {
    const page = await list(`search=${mark}&limit=3${cursor}`);
    seen.push(...idsOf(page));
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    await signIn(auth, `${mark}.${newIdentifier()}@example.com`);
  } while (cursor !== '');
  t.strictSame(seen, people);
});

t.test('what cannot be asked is 422, who cannot be is 404', async (t) => {
  for (const query of ['limit=0', 'cursor=x', 'role=root', 'disabled=maybe', 'search=', 'search=%00', 'page=2']) {
    t.match(await admin.get(`/admin/users?${query}`), { status: 422, json: { code: 'validation-failed' } }, query);
  }
  for (const id of [newIdentifier(), 'x', '%00', "1'--"]) {
    const path = `/admin/users/${encodeURIComponent(id)}`;
    t.equal((await admin.get(path)).status, 404);
    t.equal((await admin.send('PATCH', path, { disabled: true })).status, 404);
    t.equal((await admin.get(`${path}/sessions`)).status, 404);
    t.equal((await admin.send('DELETE', `${path}/sessions`)).status, 404);
    t.equal((await admin.send('DELETE', `${path}/sessions/${newIdentifier()}`)).status, 404);
  }
  const { id } = await openBearer(auth);
  const nonsense = [
    {},
    { name: 'x' },
    { id: newIdentifier() },
    { disabled: 'yes' },
    { roles: [] },
    { roles: ['admin'] },
    { roles: ['user', 'user'] },
    { roles: ['user', 'root'] },
    { disabled: true, email: 'a@example.com' },
  ];
  for (const body of nonsense) t.equal((await change(id, body)).status, 422, JSON.stringify(body));
  t.strictSame(await trailOf(id), []);
});

t.test(
  '21: disabled people stop at once: refresh, requests, introspection, and everyone who verifies is told',
  async (t) => {
    const person = await openBearer(auth);
    const others = await Promise.all([openSession(auth, person.email), openSession(auth, person.email)]);
    const streamed = await ask(`${auth.url}/auth/revocations`);
    t.equal((await change(person.id, { disabled: true })).status, 200);

    const open = await sessionsOf(person.id);
    t.equal(open.length, 3);
    t.ok(open.every(({ end_reason: reason }) => reason === 'account-disabled'));
    for (const { id } of open) t.equal(await ends.endOf(id), 'account-disabled');
    for (const url of [auth.url, copy.url]) {
      t.equal((await refresh(url, refreshTokenOf(person.browser))).status, 401);
      for (const { token } of others) t.equal((await refresh(url, token)).status, 401);
      const headers = { authorization: `Bearer ${person.tokens.accessToken}` };
      t.equal((await ask(`${url}/auth/me`, { headers })).status, 401);
      t.not((await ask(`${url}/auth/revocations`)).headers.etag, streamed.headers.etag);
    }
    for (const token of [person.tokens.accessToken, refreshTokenOf(person.browser)]) {
      t.strictSame(await introspect(auth, client, token), { active: false });
    }
    const browser = openBrowser(auth.url);
    const attempt = await askForLink(auth, browser, person.email);
    t.equal(codeOf(await browser.post('/auth/verify-magic-link', { token: attempt.token })), 'account-disabled');

    t.match(await trailOf(person.id), [
      { event: 'account-disabled', actor_id: admin.id, address: '127.0.0.1', request_id: String },
      ...open.map(() => ({ event: 'session-revoked', actor_id: admin.id, detail: { reason: 'account-disabled' } })),
    ]);
  },
);

t.test('enabling lets a person sign in again and revives nothing', async (t) => {
  const person = await openBearer(auth);
  await change(person.id, { disabled: true });
  t.match((await change(person.id, { disabled: true })).json, { disabledAt: String }, 'again changes nothing');
  const enabled = await change(person.id, { disabled: false });
  t.match(enabled, { status: 200, json: { disabledAt: null, liveSessions: 0 } });
  t.equal((await refresh(auth.url, refreshTokenOf(person.browser))).status, 401);
  t.equal((await person.get('/auth/me')).status, 401);
  t.ok((await signIn(auth, person.email)).tokens.accessToken);
  t.strictSame(
    (await trailOf(person.id)).map(({ event }) => String(event)),
    ['account-disabled', 'session-revoked', 'account-enabled'],
  );
});

t.test('a sign-in under way while its person is disabled is over as well, or does not happen: 30 rounds', async (t) => {
  for (let round = 0; round < 30; round += 1) {
    const email = newAddress();
    const { userId } = await openSession(auth, email);
    const browser = openBrowser(auth.url);
    const { token } = await askForLink(auth, browser, email);
    const [signedIn, disabled] = await Promise.all([
      browser.post('/auth/verify-magic-link', { token }),
      change(userId, { disabled: true }),
    ]);
    t.equal(disabled.status, 200);
    t.ok([200, 401].includes(signedIn.status));
    const left = (await sessionsOf(userId)).filter(({ end_reason: reason }) => reason === null);
    t.strictSame(left, [], 'nothing is left that enabling could revive');
  }
});

t.test('disabling waits for a sign-in that came first, and ends its session', async (t) => {
  const email = newAddress();
  const { userId } = await openSession(auth, email);
  const requester = { address: '127.0.0.1', userAgent: null, requestId: 'race', country: null };
  const { change: changed, sessionId } = await auth.resources.stores.atomically(async ({ users, sessions }) => {
    await users.prove(email, requester);
    const pending = change(userId, { disabled: true });
    await waitUntilBlocked(auth.database);
    const tokenHash = Buffer.from(newIdentifier());
    const challenge = {
      challengeHash: tokenHash,
      challengeLifetime: 60,
      device: 'an unknown device',
      redirectTo: null,
    };
    const session = { userId, amr: ['email' as const], tokenHash, idleLifetime: 60, maximumAge: 60, ...challenge };
    return { change: pending, sessionId: (await sessions.start(session, requester))?.sessionId };
  });
  t.equal((await changed).status, 200);
  const ended = (await sessionsOf(userId)).find(({ id }) => id === sessionId);
  t.equal(ended?.end_reason, 'account-disabled');
});

t.test('20: an administrator who is put out while they wait changes nothing', async (t) => {
  const person = await openBearer(auth);
  const { id } = person;
  const { sessionId } = await openSession(auth, person.email);
  for (const [method, path, body] of [
    ['PATCH', `/admin/users/${id}`, { disabled: true }],
    ['DELETE', `/admin/users/${id}/second-factor`],
    ['DELETE', `/admin/users/${id}/sessions`],
    ['DELETE', `/admin/users/${id}/sessions/${sessionId}`],
  ] as const) {
    const other = await openAdmin(auth);
    const answer = await askWhilePutOut(auth, other.id, () => other.send(method, path, body));
    t.equal(codeOf(answer), 'invalid-token', `${method} ${path}`);
  }
  t.equal((await person.get('/auth/me')).status, 200);
  t.match(await sql`select ended_at from auth.sessions where id = ${sessionId}`, [{ ended_at: null }]);
});

t.test('a role that is given works at once here, one that is taken away lives on in no token', async (t) => {
  const person = await openBearer(auth);
  t.match(await change(person.id, { roles: ['admin', 'user'] }), {
    status: 200,
    json: { roles: ['user', 'admin'], liveSessions: 1 },
  });
  t.equal((await person.get('/admin/users')).status, 200, 'no session was ended for it');
  const renewed = (await person.browser.post('/auth/refresh')).json as { user: { roles: string[] } };
  t.strictSame(renewed.user.roles, ['user', 'admin']);

  t.match(await change(person.id, { roles: ['user'] }), { status: 200, json: { roles: ['user'], liveSessions: 0 } });
  t.equal((await person.get('/auth/me')).status, 401);
  t.equal((await person.browser.post('/auth/refresh')).status, 401);
  const [session] = await sessionsOf(person.id);
  t.equal(session?.end_reason, 'revoked');
  t.equal(await ends.endOf(session?.id ?? ''), 'revoked');
  t.match(await trailOf(person.id), [
    { event: 'roles-changed', actor_id: admin.id, detail: { from: ['user'], to: ['user', 'admin'] } },
    { event: 'roles-changed', actor_id: admin.id, detail: { from: ['user', 'admin'], to: ['user'] } },
    { event: 'session-revoked', session_id: session?.id, detail: { reason: 'revoked' } },
  ]);
});

t.test('nobody disables themselves or takes their own role', async (t) => {
  for (const body of [{ disabled: true }, { roles: ['user'] }, { disabled: true, roles: ['user', 'admin'] }]) {
    t.match(await change(admin.id, body), { status: 409, json: { code: 'self-lockout' } });
  }
  t.match(await change(admin.id, { roles: ['user', 'admin'], disabled: false }), { status: 200 });
  t.strictSame(await trailOf(admin.id), []);
});

t.test('of administrators who remove each other at once one is left, 40 rounds, on two copies', async (t) => {
  for (let round = 0; round < 40; round += 1) {
    const [first, second] = [await openAdmin(auth), await openAdmin(copy)];
    const demote = { roles: ['user'] };
    const body = round % 2 === 0 ? demote : { disabled: true };
    const answers = await Promise.all([change(second.id, body, first), change(first.id, demote, second)]);
    const statuses = answers.map(({ status }) => status).sort();
    // The loser is told that the right is gone, or, a moment later, that the session is.
    t.match(statuses, [200, /^40[13]$/]);
    const left = await sql`select id from auth.users
      where id in (${first.id}, ${second.id}) and 'admin' = any (roles) and disabled_at is null`;
    t.equal(left.length, 1);
  }
});

t.test('three who remove each other in a circle never remove all, and never block each other', async (t) => {
  for (let round = 0; round < 10; round += 1) {
    const [a, b, c] = [await openAdmin(auth), await openAdmin(auth), await openAdmin(auth)];
    const body = { roles: ['user'] };
    const answers = await Promise.all([change(b.id, body, a), change(c.id, body, b), change(a.id, body, c)]);
    t.ok(answers.every(({ status }) => [200, 401, 403].includes(status)));
    const left = await sql`select id from auth.users where id in (${a.id}, ${b.id}, ${c.id}) and 'admin' = any (roles)`;
    t.ok(left.length >= 1);
  }
});

t.test('administrators see and end the sessions of somebody', async (t) => {
  const person = await openBearer(auth);
  const other = await openSession(auth, person.email);
  const stranger = await openSession(auth);
  const path = `/admin/users/${person.id}`;
  t.match((await admin.get(path)).json, { id: person.id, liveSessions: 2 });
  const { items } = (await admin.get(`${path}/sessions`)).json as SessionList;
  t.match(items, [
    { id: other.sessionId, current: false },
    { current: false, device: String, address: '127.0.0.1' },
  ]);

  t.equal((await admin.send('DELETE', `${path}/sessions/${stranger.sessionId}`)).status, 404, 'somebody else’s');
  t.equal((await refresh(auth.url, stranger.token)).status, 200);
  t.match(await admin.send('DELETE', `${path}/sessions/${other.sessionId}`), { status: 204, text: '' });
  t.equal((await refresh(auth.url, other.token)).status, 401);
  t.equal((await person.get('/auth/me')).status, 200, 'the others go on');
  t.equal((await admin.send('DELETE', `${path}/sessions/${other.sessionId}`)).status, 404, 'it is over already');

  t.equal((await admin.send('DELETE', `${path}/sessions`)).status, 204);
  t.equal((await admin.send('DELETE', `${path}/sessions`)).status, 204, 'nothing left to end is no error');
  t.equal((await person.get('/auth/me')).status, 401);
  const ended = await sessionsOf(person.id);
  for (const { id } of ended) t.equal(await ends.endOf(id), 'revoked');
  t.match(await trailOf(person.id), [
    { event: 'session-revoked', session_id: other.sessionId, actor_id: admin.id },
    { event: 'session-revoked', actor_id: admin.id },
  ]);
});

t.test('a search reads an index however many people there are, also as a prepared statement', async (t) => {
  await sql`insert into auth.users (id, email, name)
    select gen_random_uuid(), 'many' || n || '@example.org', 'Name ' || n from generate_series(1, 20000) n`;
  await sql`analyze auth.users`;
  const { listStatement } = await import('../../src/admin/users.sql.ts');
  const { text, parameters } = listStatement({ prefix: 'many1999' }, { limit: 21, before: undefined });
  const plan = await sql.begin(async (inside) => {
    await inside`set local plan_cache_mode = force_generic_plan`;
    const [row] = await inside.unsafe(`explain (format json) ${text}`, parameters as string[]);
    return JSON.stringify(row);
  });
  t.notMatch(plan, 'Seq Scan');
  t.match(plan, /users_email_prefix_index/);
  t.match(plan, /users_name_prefix_index/);
  t.equal((await list('search=many1999')).items.length, 11);
});
