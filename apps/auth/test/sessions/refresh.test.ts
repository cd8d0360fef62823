import { topics } from '@alva/shared-types';
import { type TokenAnswer } from '@alva/validation';
import t from 'tap';
import { startAuth, newAddress, webOrigin } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { waitForMail } from '../support/sign-in.ts';
import { codeOf, openSession, refresh, signOut, successorIn, tokenIn } from '../support/sessions.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t);
const copy = await startAuth(t, { database: auth.database });
const { sql } = auth.database;

t.test('a refresh spends the token and issues one successor with the rest of the idle lifetime', async (t) => {
  const { token, sessionId, userId } = await openSession(auth);
  const answer = await refresh(auth.url, token);
  t.equal(answer.status, 200);
  const successor = successorIn(answer);
  t.not(successor, token);
  t.match(answer.setCookies, [/^refresh_token=[\w-]{43}; Max-Age=604800; Path=\/auth; HttpOnly; SameSite=Strict$/]);
  t.equal(answer.headers['cache-control'], 'no-store');
  const { tokenType, expiresIn, user } = answer.json as TokenAnswer;
  t.match({ tokenType, expiresIn, id: user.id }, { tokenType: 'Bearer', expiresIn: 900, id: userId });
  const rows = await sql`select sequence, spent_at from auth.refresh_tokens where session_id = ${sessionId} order by 1`;
  t.match(rows, [
    { sequence: 1, spent_at: Date },
    { sequence: 2, spent_at: null },
  ]);
});

t.test(
  '100 parallel refreshes over two copies of the service: all 200, one successor, next rotation works',
  async (t) => {
    const { token, sessionId } = await openSession(auth);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => refresh(index % 2 === 0 ? auth.url : copy.url, token)),
    );
    t.strictSame([...new Set(answers.map(({ status }) => status))], [200]);
    const successors = new Set(answers.map(successorIn));
    t.equal(successors.size, 1);
    const [chain] = await sql`select count(*)::int as links from auth.refresh_tokens where session_id = ${sessionId}`;
    t.strictSame(chain, { links: 2 });

    const [successor = ''] = successors;
    const next = await refresh(copy.url, successor);
    t.equal(next.status, 200);
    t.not(successorIn(next), successor);
  },
);

t.test('the log says of each renewal whose it was', async (t) => {
  const { token, sessionId, userId } = await openSession(auth);
  t.equal((await refresh(auth.url, token)).status, 200);
  const lines = auth.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  const renewed = lines.filter(({ msg, sid }) => msg === 'POST /auth/refresh' && sid === sessionId);
  t.match(renewed, [{ status: 200, sub: userId, requestId: String }]);
});

t.test('a retried refresh returns the same token, however late, while that was never used', async (t) => {
  const { token } = await openSession(auth);
  const successor = successorIn(await refresh(auth.url, token));
  t.equal(successorIn(await refresh(auth.url, token)), successor);
  await letTimePass(auth.database, '6 days');
  t.equal(successorIn(await refresh(copy.url, token)), successor);
  t.equal((await refresh(auth.url, successor)).status, 200, 'and it is still the current one');
});

t.test('every token spent less than ten seconds ago leads to the current one', async (t) => {
  const { token: first } = await openSession(auth);
  const second = successorIn(await refresh(auth.url, first));
  const third = successorIn(await refresh(copy.url, second));
  const fourth = successorIn(await refresh(auth.url, third));
  for (const spent of [first, second, third]) t.equal(successorIn(await refresh(auth.url, spent)), fourth);
  t.equal((await refresh(auth.url, fourth)).status, 200);
});

t.test('no client grows a chain without end: fifty tokens in ten seconds, then 429 and nothing is lost', async (t) => {
  const { token: first, sessionId } = await openSession(auth);
  let token = first;
  for (let made = 1; made < 50; made++) token = successorIn(await refresh(made % 2 ? auth.url : copy.url, token));
  await sql`update auth.refresh_tokens set created_at = now(), spent_at = case when spent_at is not null then now() end
    where session_id = ${sessionId}`;

  const inParallel = Array.from({ length: 20 }, (_, index) => refresh(index % 2 ? auth.url : copy.url, token));
  for (const answer of await Promise.all(inParallel)) {
    t.match(answer, {
      status: 429,
      headers: { 'retry-after': /^([1-9]|10)$/, 'ratelimit-limit': '50', 'ratelimit-remaining': '0' },
      json: { code: 'rate-limited' },
    });
    t.strictSame(answer.setCookies, [], 'the cookie is kept');
  }
  const links = () => sql`select count(*)::int as made, count(*) filter (where spent_at is null)::int as unspent
    from auth.refresh_tokens where session_id = ${sessionId}`;
  t.match(await links(), [{ made: 50, unspent: 1 }], 'nothing was rotated');
  t.equal(successorIn(await refresh(copy.url, first)), token, 'a retry is still answered');

  await letTimePass(auth.database, '10 seconds');
  t.equal((await refresh(auth.url, token)).status, 200, 'and ten seconds later it goes on');
});

t.test('no token is followed further than such a chain can be long', async (t) => {
  const { token: first, sessionId } = await openSession(auth);
  let token = first;
  for (let made = 1; made <= 51; made++) {
    await sql`update auth.refresh_tokens set created_at = now() - interval '11 seconds' where session_id = ${sessionId}`;
    token = successorIn(await refresh(auth.url, token));
  }
  await sql`update auth.refresh_tokens set spent_at = now() where session_id = ${sessionId} and spent_at is not null`;
  const answer = await refresh(auth.url, first);
  t.match(answer, { status: 429, headers: { 'retry-after': '1' }, setCookies: [] });
  t.equal((await refresh(auth.url, token)).status, 200, 'the session goes on');
});

t.test('an older token ends the session: committed before the 401, audited, announced, mailed', async (t) => {
  const email = newAddress();
  const { token: first, sessionId, userId } = await openSession(auth, email);
  const heard = new Promise((resolve) => {
    auth.resources.queues.topics.subscribe(topics.sessionRevoked(sessionId), resolve);
  });
  const second = successorIn(await refresh(auth.url, first));
  const third = successorIn(await refresh(auth.url, second));
  await letTimePass(auth.database, '11 seconds');

  const reused = await refresh(copy.url, first);
  t.match({ status: reused.status, code: codeOf(reused) }, { status: 401, code: 'refresh-token-reused' });
  t.equal(tokenIn(reused), '', 'the cookie is cleared');
  t.match(reused.headers['www-authenticate'], /^Bearer/);
  const [session] = await sql`select ended_at, end_reason from auth.sessions where id = ${sessionId}`;
  t.match(session, { ended_at: Date, end_reason: 'reuse-detected' });
  const events = await sql`select event from auth.audit_events where session_id = ${sessionId} order by id`;
  t.match(events, [{ event: 'signed-in' }, { event: 'refresh-token-reused' }]);
  t.strictSame(await heard, { sid: sessionId, sub: userId, reason: 'reuse-detected' });
  const mail = await waitForMail(auth, email, () => true);
  t.match(mail.subject, /ended one of your Alva sessions/);

  t.match(codeOf(await refresh(auth.url, third)), 'refresh-token-invalid', 'nobody holds a live token any more');
});

t.test('reuse found a hundred times at once is alarmed about once', async (t) => {
  const { token: first, sessionId } = await openSession(auth);
  const second = successorIn(await refresh(auth.url, first));
  await refresh(auth.url, second);
  await letTimePass(auth.database, '11 seconds');
  const answers = await Promise.all(Array.from({ length: 100 }, () => refresh(auth.url, first)));
  t.strictSame([...new Set(answers.map(({ status }) => status))], [401]);
  const [audit] = await sql`select count(*)::int as alarms from auth.audit_events
    where session_id = ${sessionId} and event = 'refresh-token-reused'`;
  t.strictSame(audit, { alarms: 1 });
  const lines = auth.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  const alarms = lines.filter(
    ({ msg, sid }) => msg === 'a spent refresh token came back, session ended' && sid === sessionId,
  );
  t.match(alarms, [{ level: 'warn', sub: /./ }]);
  t.equal(alarms.length, 1);
});

t.test('every try to renew is counted by what came of it', async (t) => {
  const service = await startAuth(t, { database: auth.database });
  const { token: first } = await openSession(service);
  const second = successorIn(await refresh(service.url, first));
  await refresh(service.url, first);
  await refresh(service.url, second);
  await letTimePass(service.database, '11 seconds');
  for (const token of [first, second, 'A'.repeat(43)]) await refresh(service.url, token);
  t.match(await ask(`${service.url}/auth/refresh`, { method: 'POST', headers: { origin: webOrigin } }), {
    status: 401,
    json: { code: 'refresh-token-missing' },
  });
  const shown = await service.metrics.registry.metrics();
  const counted = [...shown.matchAll(/^auth_refreshes_total\{outcome="(\w+)".*\} (\d+)$/gm)].map(([, ...pair]) => pair);
  t.strictSame(
    counted.filter(([, count]) => count !== '0'),
    [
      ['rotated', '2'],
      ['retried', '1'],
      ['reused', '1'],
      ['unknown', '1'],
      ['over', '1'],
    ],
  );
});

t.test('a crash between detecting reuse and revoking still kills the family at the next presentation', async (t) => {
  const { token: first } = await openSession(auth);
  const second = successorIn(await refresh(auth.url, first));
  const third = successorIn(await refresh(auth.url, second));
  await letTimePass(auth.database, '11 seconds');
  await sql.unsafe(`
    create function auth.crash() returns trigger language plpgsql as $$
      begin raise exception 'crash' using errcode = '57P01'; end $$;
    create trigger crash before insert on auth.audit_events for each row
      when (new.event = 'refresh-token-reused') execute function auth.crash()`);
  const crashed = await refresh(auth.url, first);
  t.equal(crashed.status, 503);
  t.equal(tokenIn(crashed), undefined, 'the cookie is kept');
  await sql.unsafe('drop function auth.crash cascade');

  t.equal(codeOf(await refresh(auth.url, first)), 'refresh-token-reused');
  t.equal((await refresh(auth.url, third)).status, 401);
});

t.test('commit done and answer lost: the retry gets the same answer', async (t) => {
  const { token } = await openSession(auth);
  const headers = { origin: auth.config.WEB_URL, cookie: `refresh_token=${token}` };
  const lost = await auth.app.inject({ method: 'POST', url: '/auth/refresh', headers });
  const [cookie] = lost.cookies;
  t.equal(successorIn(await refresh(auth.url, token)), cookie?.value);
});

t.test('absolute expiry holds however often one refreshes', async (t) => {
  const opened = await openSession(auth);
  let { token } = opened;
  for (let days = 6; days < 30; days += 6) {
    await letTimePass(auth.database, '6 days');
    token = successorIn(await refresh(auth.url, token));
  }
  await letTimePass(auth.database, '5 days 23 hours 55 minutes');
  const last = await refresh(auth.url, token);
  t.match(last.setCookies, [/Max-Age=(300|2\d\d);/], 'the cookie ends with the session');
  const { expiresIn } = last.json as TokenAnswer;
  t.ok(expiresIn <= 300, 'and so does the access token');
  await letTimePass(auth.database, '5 minutes');
  const over = await refresh(auth.url, successorIn(last));
  t.match({ status: over.status, code: codeOf(over) }, { status: 401, code: 'refresh-token-invalid' });
  t.equal(tokenIn(over), '');
});

t.test('an unused session is over after its idle lifetime, retries included', async (t) => {
  const { token } = await openSession(auth);
  const successor = successorIn(await refresh(auth.url, token));
  await letTimePass(auth.database, '7 days 1 second');
  t.equal(codeOf(await refresh(auth.url, successor)), 'refresh-token-invalid');
  t.equal(codeOf(await refresh(auth.url, token)), 'refresh-token-invalid');
});

t.test('disabled and deleted people stop at once', async (t) => {
  const disabled = await openSession(auth);
  const { accessToken } = (await refresh(auth.url, disabled.token)).json as TokenAnswer;
  await sql`update auth.users set disabled_at = now() where id = ${disabled.userId}`;
  const refused = await refresh(auth.url, disabled.token);
  t.match({ status: refused.status, code: codeOf(refused) }, { status: 401, code: 'account-disabled' });
  t.equal(tokenIn(refused), '');
  const me = await fetch(`${auth.url}/auth/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  t.equal(me.status, 401);

  const deleted = await openSession(auth);
  await sql`delete from auth.users where id = ${deleted.userId}`;
  t.equal(codeOf(await refresh(auth.url, deleted.token)), 'refresh-token-invalid');
});

t.test('what is no token of ours is refused and the cookie cleared, whatever it looks like', async (t) => {
  for (const value of [
    'x',
    'A'.repeat(43),
    'A'.repeat(42) + 'B',
    `${'A'.repeat(42)}é`,
    'A'.repeat(4000),
    '%00',
    '"quoted"',
  ]) {
    const answer = await refresh(auth.url, encodeURI(value));
    t.match(
      { status: answer.status, code: codeOf(answer) },
      { status: 401, code: 'refresh-token-invalid' },
      value.slice(0, 50),
    );
    t.equal(tokenIn(answer), '');
  }
});

t.test('a session signed out of is over for every token of its chain', async (t) => {
  const { token } = await openSession(auth);
  const successor = successorIn(await refresh(auth.url, token));
  t.equal((await signOut(auth.url, token)).status, 204);
  t.equal(codeOf(await refresh(auth.url, successor)), 'refresh-token-invalid');
  t.equal(codeOf(await refresh(auth.url, token)), 'refresh-token-invalid');
});
