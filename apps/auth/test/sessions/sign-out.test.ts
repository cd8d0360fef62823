import { topics } from '@alva/shared-types';
import { type TokenAnswer } from '@alva/validation';
import t from 'tap';
import { startAuth, webOrigin } from '../support/auth.ts';
import { ask } from '../support/browser.ts';
import { openSession, refresh, signOut, successorIn, tokenIn } from '../support/sessions.ts';

const auth = await startAuth(t);
const copy = await startAuth(t, { database: auth.database });

t.test('nothing refreshes after a revocation was answered: 200 rounds of refresh against sign-out', async (t) => {
  let [survived, rotated] = [0, 0];
  for (let round = 0; round < 200; round++) {
    const { token } = await openSession(auth);
    const starts = [
      () => refresh(auth.url, token),
      () => refresh(copy.url, token),
      () => signOut(round % 2 ? auth.url : copy.url, token),
    ];
    const answers = await Promise.all((round % 3 ? starts : starts.toReversed()).map((start) => start()));
    const tokens = new Set([token, ...answers.map((answer) => tokenIn(answer) ?? '')]);
    if (tokens.size > 2) rotated++;
    for (const value of tokens) if ((await refresh(auth.url, value)).status !== 401) survived++;
  }
  t.equal(survived, 0);
  t.comment(`${rotated} of 200 refreshes won the race`);
});

t.test('signing out is idempotent, clears the cookie and is announced', async (t) => {
  const { token, sessionId, userId } = await openSession(auth);
  const heard = new Promise((resolve) => {
    copy.resources.queues.topics.subscribe(topics.sessionRevoked(sessionId), resolve);
  });
  const { accessToken } = (await refresh(auth.url, token)).json as TokenAnswer;
  for (let again = 0; again < 2; again++) {
    const answer = await signOut(auth.url, token);
    t.equal(answer.status, 204);
    t.match(answer.setCookies, [/^refresh_token=; Max-Age=0; Path=\/auth;/]);
  }
  t.strictSame(await heard, { sid: sessionId, sub: userId, reason: 'signed-out' });
  const me = await ask(`${auth.url}/auth/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  t.equal(me.status, 401);
  const events = await auth.database
    .sql`select event from auth.audit_events where session_id = ${sessionId} order by id`;
  t.match(events, [{ event: 'signed-in' }, { event: 'signed-out' }]);
});

t.test('a dead cookie, a mangled one or none is no error', async (t) => {
  for (const cookie of ['refresh_token=x', `refresh_token=${'A'.repeat(43)}`, 'other=1']) {
    const answer = await ask(`${auth.url}/auth/logout`, { method: 'POST', headers: { origin: webOrigin, cookie } });
    t.equal(answer.status, 204);
  }
});

t.test('cross-site form posts, Origin null, sibling origins: 403 and unrotated', async (t) => {
  const foreign: Record<string, string>[] = [
    {},
    { origin: 'null' },
    { origin: 'https://evil.example' },
    { origin: 'http://evil.localhost:3000', 'sec-fetch-site': 'same-site' },
    { origin: `${webOrigin}.evil.example` },
    { origin: webOrigin, 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'null', 'sec-fetch-site': 'same-origin' },
    { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
    { referer: `${webOrigin}/plans` },
  ];
  const { token, sessionId } = await openSession(auth);
  for (const headers of foreign) {
    for (const path of ['/auth/refresh', '/auth/logout']) {
      const answer = await ask(auth.url + path, {
        method: 'POST',
        body: headers['content-type'] ? 'a=b' : undefined,
        headers: { cookie: `refresh_token=${token}`, ...headers },
      });
      const detail = headers['origin'] ? /^The Origin header names no page/ : /^An Origin header is needed here/;
      const json = { code: 'origin-not-allowed', detail };
      t.match(answer, { status: 403, json, setCookies: [] }, JSON.stringify(headers));
    }
  }
  const rows = await auth.database.sql`select spent_at from auth.refresh_tokens where session_id = ${sessionId}`;
  t.strictSame(
    rows.map((row) => ({ ...row })),
    [{ spent_at: null }],
  );
});

t.test('our own pages may: an allowed origin, or a browser that says same-origin or same-site', async (t) => {
  let { token } = await openSession(auth);
  const ours: Record<string, string>[] = [
    { origin: webOrigin },
    { origin: webOrigin, 'sec-fetch-site': 'same-site' },
    { origin: auth.config.AUTH_URL, 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'same-site' },
  ];
  for (const headers of ours) {
    const answer = await ask(`${auth.url}/auth/refresh`, {
      method: 'POST',
      headers: { cookie: `refresh_token=${token}`, ...headers },
    });
    t.equal(answer.status, 200, JSON.stringify(headers));
    token = successorIn(answer);
  }
});

t.test('two cookies of the name are refused, whichever is right', async (t) => {
  const { token } = await openSession(auth);
  for (const cookie of [
    `refresh_token=${token}; refresh_token=planted`,
    `refresh_token=planted; refresh_token=${token}`,
  ]) {
    for (const path of ['/auth/refresh', '/auth/logout']) {
      const answer = await ask(auth.url + path, { method: 'POST', headers: { origin: webOrigin, cookie } });
      t.match(answer, { status: 400, json: { code: 'duplicate-cookie' }, setCookies: [] });
    }
  }
  t.equal((await refresh(auth.url, token)).status, 200);
});

t.test('only POST renews or ends a session', async (t) => {
  const { token } = await openSession(auth);
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH']) {
    for (const path of ['/auth/refresh', '/auth/logout']) {
      const headers = { origin: webOrigin, cookie: `refresh_token=${token}` };
      const { status } = await ask(auth.url + path, { method, headers });
      t.ok(status === 404 || status === 405, `${method} ${path} ${status}`);
    }
  }
  t.equal((await refresh(auth.url, token)).status, 200);
});

t.test('failed renewals are limited by address, successful ones are not', async (t) => {
  const strict = await startAuth(t, {
    database: auth.database,
    env: { REFRESH_FAILURE_LIMIT: '3/5m', REQUEST_LIMIT: '5/1m' },
  });
  let { token } = await openSession(auth);
  for (let count = 0; count < 8; count++) token = successorIn(await refresh(strict.url, token));
  for (let count = 0; count < 3; count++) t.equal((await refresh(strict.url, 'nonsense')).status, 401);
  const refused = await refresh(strict.url, token);
  t.match(refused, { status: 429, headers: { 'retry-after': /^\d+$/ }, setCookies: [] });
});
