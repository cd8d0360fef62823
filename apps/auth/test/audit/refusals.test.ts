import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import t from 'tap';
import { openAdmin, openBearer, type Bearer } from '../support/admin.ts';
import { newAddress, startAuth, webOrigin, type Auth, type AuthOptions } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { addClient, basic, postForm, type TestClient } from '../support/clients.ts';
import { refresh } from '../support/sessions.ts';

const auth = await startAuth(t, { env: { TRUST_PROXY: '1' } });
const { sql } = auth.database;
const client = await addClient(auth);
const user = await openBearer(auth);

interface Row {
  readonly event: string;
  readonly user_id: string | null;
  readonly actor_id: string | null;
  readonly session_id: string | null;
  readonly address: string | null;
  readonly request_id: string;
  readonly detail: Record<string, string>;
}

/** The row of this request, which is written while its answer is on the way. */
async function rowOf(requestId: string): Promise<Row> {
  for (;;) {
    const [row] = await sql<Row[]>`select * from auth.audit_events where request_id = ${requestId}`;
    if (row) return row;
  }
}

/** A copy of the service for which nobody was refused yet. */
const freshCopy = ({ env, ...more }: Pick<AuthOptions, 'env' | 'now'> = {}) =>
  startAuth(t, { database: auth.database, env: { TRUST_PROXY: '1', ...env }, ...more });

/** Of the requests that begin so; to be counted when the copy has stopped, and everything is written. */
const rowsOf = (prefix: string) =>
  sql<Row[]>`select * from auth.audit_events where request_id like ${`${prefix}%`} order by id`;

const from = (address: string, requestId: string = randomUUID()) => ({
  'x-forwarded-for': address,
  'x-request-id': requestId,
});

const askAsUser = ({ url }: Auth, { tokens }: Bearer, requestId: string, path = '/admin/users') =>
  ask(url + path, { headers: { authorization: `Bearer ${tokens.accessToken}`, ...from('192.0.2.1', requestId) } });

const guess = ({ url }: Auth, guessed: TestClient, headers: Record<string, string>, path = '/auth/introspect') =>
  postForm(url + path, { token: 'x' }, { ...basic(guessed), ...headers });

t.test('a person without the role who asks for administration is in the trail, with session and route', async (t) => {
  const requestId = randomUUID();
  t.equal((await askAsUser(auth, user, requestId, `/admin/users/${user.id}?x=1`)).status, 403);
  const { sid } = JSON.parse(Buffer.from(user.tokens.accessToken.split('.')[1] ?? '', 'base64url').toString()) as {
    sid: string;
  };
  t.match(await rowOf(requestId), {
    event: 'administration-refused',
    user_id: user.id,
    actor_id: null,
    session_id: sid,
    address: '192.0.2.1',
    detail: { method: 'GET', route: '/admin/users/:id' },
  });
  const admin = await openAdmin(auth);
  const { json } = await admin.get(`/admin/audit?event=administration-refused&userId=${user.id}`);
  t.match(json, { items: [{ user: { id: user.id, email: user.email }, requestId }] });
});

t.test('wrong credentials of a service are in the trail: which service, if any, and never what was sent', async (t) => {
  const secret = 'S'.repeat(43);
  const cases: [given: TestClient, detail: object][] = [
    [
      { ...client, secret },
      { client: client.id, reason: 'wrong-secret' },
    ],
    [{ id: `unknown-${secret}`, secret }, { reason: 'unknown-client' }],
  ];
  for (const path of ['/auth/introspect', '/auth/revoke']) {
    const copy = await freshCopy();
    for (const [given, detail] of cases) {
      const requestId = randomUUID();
      t.equal((await guess(copy, given, from('192.0.2.2', requestId), path)).status, 401);
      const row = await rowOf(requestId);
      t.match(row, { event: 'client-refused', user_id: null, session_id: null, address: '192.0.2.2' });
      t.strictSame(row.detail, { ...detail, method: 'POST', route: path });
      t.notMatch(JSON.stringify(row), secret);
    }
  }
});

t.test('a service that sends no credentials, or none that can be read, is in the trail as such', async (t) => {
  const copy = await freshCopy();
  for (const [headers, reason, address] of [
    [{}, 'missing', '192.0.2.3'],
    [{ authorization: 'Basic !' }, 'malformed', '192.0.2.4'],
  ] as const) {
    const requestId = randomUUID();
    const url = `${copy.url}/auth/introspect`;
    t.equal((await postForm(url, { token: 'x' }, { ...headers, ...from(address, requestId) })).status, 401);
    t.match(await rowOf(requestId), { event: 'client-refused', address, detail: { reason } });
  }
});

t.test('a limit that was reached is in the trail: which one, by whom, asking for what', async (t) => {
  const copy = await freshCopy({
    env: { REQUEST_LIMIT: '1/1m', REFRESH_FAILURE_LIMIT: '1/5m', LINK_LIMIT_PER_RECIPIENT: '1/10m' },
  });
  const email = newAddress();
  const send = (headers: Record<string, string>) =>
    ask(`${copy.url}/auth/send-magic-link`, { method: 'POST', body: { email }, headers });
  const fail = (headers: Record<string, string>) =>
    ask(`${copy.url}/auth/refresh`, {
      method: 'POST',
      headers: { origin: webOrigin, cookie: `refresh_token=${'A'.repeat(43)}`, ...headers },
    });
  const nowhere = (headers: Record<string, string>) => ask(`${copy.url}/nowhere/${email}`, { headers });
  const cases = [
    [send, 'send-link:recipient', 'POST', '/auth/send-magic-link', ['192.0.2.5', '192.0.2.6']],
    [fail, 'refresh-failures:address', 'POST', '/auth/refresh', ['192.0.2.7', '192.0.2.7']],
    [nowhere, 'requests', 'GET', 'none', ['2001:db8::1', '2001:db8::2']],
  ] as const;
  for (const [request, limit, method, route, [first, second]] of cases) {
    t.not((await request(from(first))).status, 429, limit);
    const requestId = randomUUID();
    t.equal((await request(from(second, requestId))).status, 429, limit);
    const row = await rowOf(requestId);
    t.match(row, { event: 'limit-reached', user_id: null, address: second });
    t.strictSame(row.detail, { limit, method, route });
    t.notMatch(JSON.stringify(row), email);
  }
});

t.test('whoever hangs up before the answer came is in the trail all the same', async (t) => {
  const copy = await freshCopy();
  const requestId = randomUUID();
  const lines = [
    'GET /admin/users HTTP/1.1',
    'host: auth',
    `authorization: Bearer ${user.tokens.accessToken}`,
    `x-request-id: ${requestId}`,
  ];
  const socket = connect(Number(new URL(copy.url).port), '127.0.0.1');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`, () => socket.destroy());
  t.match(await rowOf(requestId), { event: 'administration-refused', user_id: user.id });
});

t.test('however often one person, service or address is refused, a minute adds one row for each', async (t) => {
  // It stands still in a round, however long that takes.
  const clock = { now: Date.now() };
  const copy = await freshCopy({
    env: { REQUEST_LIMIT: '200/1m', CLIENT_FAILURE_LIMIT: '100/5m' },
    now: () => clock.now,
  });
  const [prefix, wrong] = [randomUUID(), { ...client, secret: 'wrong' }];
  const unknown = { id: 'nobody', secret: 'wrong' };
  const round = async (name: string) => {
    const times = Array.from({ length: 20 }, (_, index) => `${prefix}-${name}-${index}`);
    await Promise.all([
      ...times.map((id) => askAsUser(copy, user, id)),
      ...times.map((id, index) => guess(copy, wrong, from(`198.51.100.${index}`, id))),
      ...times.map((id) => guess(copy, unknown, from('198.51.100.99', id))),
    ]);
  };
  await round('first');
  clock.now += 59_000;
  await round('same');
  clock.now += 2_000;
  await round('next');
  await copy.stop();
  const rows = await rowsOf(prefix);
  const said = rows.map(({ event, request_id: id, detail }) =>
    [id.split('-')[5], event, detail['reason'] ?? ''].join(),
  );
  t.strictSame(
    said.sort(),
    ['first', 'next'].flatMap((name) => [
      `${name},administration-refused,`,
      `${name},client-refused,unknown-client`,
      `${name},client-refused,wrong-secret`,
    ]),
  );
});

t.test('however many addresses are refused, a minute adds ten rows of a kind, and hides no other kind', async (t) => {
  const copy = await freshCopy({ env: { REQUEST_LIMIT: '1/1m' } });
  const prefix = randomUUID();
  const addresses = Array.from({ length: 40 }, (_, index) => `2001:db8:1:${index.toString(16)}::1`);
  for (const address of addresses) {
    for (const id of ['a', 'b', 'c']) await ask(`${copy.url}/healthy`, { headers: from(address, `${prefix}-${id}`) });
    await guess(copy, { id: 'nobody', secret: 'x' }, from(address, `${prefix}-d`));
  }
  await guess(copy, { ...client, secret: 'x' }, from('192.0.2.8', `${prefix}-known`));
  await askAsUser(copy, user, `${prefix}-person`);
  const shown = await copy.metrics.registry.metrics();
  await copy.stop();
  const rows = await rowsOf(prefix);
  const count = (event: string, reason?: string) =>
    rows.filter((row) => row.event === event && row.detail['reason'] === reason).length;
  t.equal(count('limit-reached'), 10);
  t.equal(count('client-refused', 'unknown-client'), 10);
  t.equal(count('client-refused', 'wrong-secret'), 1, 'strangers do not hide who guesses the secret of a service');
  t.equal(count('administration-refused'), 1);
  t.match(shown, /^auth_audit_refusals_total\{event="limit-reached",outcome="spared".* 70$/m, 'and all are counted');
});

t.test('a trail that cannot be written holds up no refusal and changes none', async (t) => {
  const copy = await freshCopy({ env: { REFRESH_FAILURE_LIMIT: '1/5m' } });
  const token = 'A'.repeat(43);
  await refresh(copy.url, token);
  const refusals = () =>
    Promise.all([
      askAsUser(copy, user, randomUUID()),
      guess(copy, { ...client, secret: 'wrong' }, from('192.0.2.9')),
      refresh(copy.url, token),
    ]);
  await sql.begin(async (locking) => {
    await locking`lock table auth.audit_events in access exclusive mode`;
    t.strictSame(
      (await refusals()).map(({ status }) => status),
      [403, 401, 429],
      'answered while nobody can write',
    );
  });

  const other = await freshCopy();
  await sql`revoke insert on auth.audit_events from alva_auth`;
  t.teardown(() => sql`grant insert on auth.audit_events to alva_auth`);
  t.match(await askAsUser(other, user, randomUUID()), { status: 403, json: { code: 'forbidden' } });
  await other.stop();
  t.match(other.logged.join(''), 'could not be written into the audit trail');
  t.match(await other.metrics.registry.metrics(), /^auth_audit_refusals_total\{.*outcome="failed".* 1$/m);
});
