import { type TokenAnswer } from '@alva/validation';
import t from 'tap';
import { credentialsChanged } from '../../src/sql-fragments.ts';
import { newAddress, startAuth, webOrigin } from '../support/auth.ts';
import { ask, openBrowser, type Answer } from '../support/browser.ts';
import { codeOf, openSession, refresh, successorIn } from '../support/sessions.ts';
import { askForLink, refreshTokenOf, signIn } from '../support/sign-in.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t, { env: { ALVA_INIT_ADMIN_EMAIL: 'founder@example.com' } });
const { sql } = auth.database;
const verify = '/auth/verify-magic-link';

function outcome(answer: Answer) {
  return { status: answer.status, code: codeOf(answer) };
}

async function countSessions(email: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(s.id)::int as count
    from auth.users u left join auth.sessions s on s.user_id = u.id where u.email = ${email}`;
  return row?.count ?? 0;
}

t.test('the link signs in: tokens, the person, the cookie; the attempt cookie goes', async (t) => {
  const browser = openBrowser(auth.url);
  const email = newAddress();
  const { token, link } = await askForLink(auth, browser, email, { redirectTo: '/plans?view=all' });
  t.ok(link.startsWith(`${webOrigin}/sign-in/verify#token=`));
  t.ok(browser.cookies.has('sign_in_attempt'));

  const answer = await browser.post(verify, { token });
  t.match(answer, { status: 200, headers: { 'cache-control': 'no-store' } });
  t.match(answer.json, {
    tokenType: 'Bearer',
    expiresIn: 900,
    redirectTo: '/plans?view=all',
    user: { id: /^[0-9a-f-]{36}$/, email, name: null, emailVerified: true, roles: ['user'], createdAt: /Z$/ },
  });
  t.match(answer.setCookies, [
    /^refresh_token=[\w-]{43}; Max-Age=604800; Path=\/auth; HttpOnly; SameSite=Strict$/,
    /^sign_in_attempt=; Max-Age=0; Path=\/auth; HttpOnly; SameSite=Strict$/,
  ]);
  t.equal((await browser.post('/auth/refresh')).status, 200);
});

t.test('the code signs in the browser that asked, however it is written', async (t) => {
  const browser = openBrowser(auth.url);
  const { attemptId, code } = await askForLink(auth, browser, newAddress());
  t.match(code, /^[34679ACDEFGHJKMNPQRTWXY]{6}$/, 'no look-alikes');
  const answer = await browser.post(verify, {
    attemptId,
    code: ` ${code.slice(0, 3)}-${code.slice(3).toLowerCase()} `,
  });
  t.equal(answer.status, 200, answer.text);
});

t.test('1: a link works once, also under 100 parallel tries: one session', async (t) => {
  const browser = openBrowser(auth.url);
  const email = newAddress();
  const { token } = await askForLink(auth, browser, email);
  const answers = await Promise.all(Array.from({ length: 100 }, () => browser.copy().post(verify, { token })));
  const [won, lost] = [answers.filter(({ status }) => status === 200), answers.filter(({ status }) => status !== 200)];
  t.equal(won.length, 1);
  t.strictSame([...new Set(lost.map(codeOf))], ['link-used']);
  t.equal(await countSessions(email), 1);
});

t.test('1: a code works once, also under 100 parallel tries, and so do link and code together', async (t) => {
  const browser = openBrowser(auth.url);
  const email = newAddress();
  const { attemptId, code, token } = await askForLink(auth, browser, email);
  const tries = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? { attemptId, code } : { token }));
  const answers = await Promise.all(tries.map((body) => browser.copy().post(verify, body)));
  t.equal(answers.filter(({ status }) => status === 200).length, 1);
  t.equal(await countSessions(email), 1);
});

t.test('an address proven many times at once gets one account', async (t) => {
  const email = newAddress();
  // Of several links only the newest is good, so the others get in the way later ways in will: straight to the stores.
  const browser = openBrowser(auth.url);
  const { token } = await askForLink(auth, browser, email);
  const [answer] = await Promise.all([
    browser.post(verify, { token }),
    ...Array.from({ length: 20 }, () => openSession(auth, email)),
  ]);
  t.equal(answer.status, 200);
  const [row] = await sql`select count(*)::int as accounts from auth.users where email = ${email}`;
  t.match(row, { accounts: 1 });
});

t.test('3: expiry is checked when the token is spent', async (t) => {
  const browser = openBrowser(auth.url);
  const email = newAddress();
  const { token, attemptId, code } = await askForLink(auth, browser, email);
  await letTimePass(auth.database, '15 minutes');
  t.strictSame(outcome(await browser.post(verify, { token })), { status: 401, code: 'link-expired' });
  t.strictSame(outcome(await browser.post(verify, { attemptId, code })), { status: 401, code: 'link-expired' });
  t.equal(await countSessions(email), 0);
});

t.test('4: a link opened in another browser asks first, and opens nothing in either until it is told to', async (t) => {
  const [asking, other] = [openBrowser(auth.url), openBrowser(auth.url)];
  const email = newAddress();
  const { token } = await askForLink(auth, asking, email);
  for (let again = 0; again < 2; again++) {
    const answer = await other.post(verify, { token });
    t.strictSame(outcome(answer), { status: 409, code: 'different-browser' });
    t.strictSame(answer.setCookies, []);
  }
  t.equal(await countSessions(email), 0);
  t.equal((await asking.post('/auth/refresh')).status, 401, 'the waiting browser is not signed in either');
  t.equal((await other.post(verify, { token, confirm: 'here' })).status, 200);
  t.equal(await countSessions(email), 1);
});

t.test('a browser that asked for something else is another browser', async (t) => {
  const [asking, other] = [openBrowser(auth.url), openBrowser(auth.url)];
  const { token, attemptId, code } = await askForLink(auth, asking, newAddress());
  await askForLink(auth, other, newAddress());
  t.strictSame(outcome(await other.post(verify, { token })), { status: 409, code: 'different-browser' });
  t.strictSame(outcome(await other.post(verify, { attemptId, code })), { status: 401, code: 'attempt-unknown' });
  t.equal((await asking.post(verify, { token })).status, 200);
});

t.test('a code without the cookie of its attempt opens nothing, right as it may be', async (t) => {
  const browser = openBrowser(auth.url);
  const { attemptId, code } = await askForLink(auth, browser, newAddress());
  const { attemptId: unknown } = await askForLink(auth, openBrowser(auth.url), newAddress());
  t.strictSame(outcome(await openBrowser(auth.url).post(verify, { attemptId, code })), {
    status: 401,
    code: 'attempt-unknown',
  });
  t.strictSame(outcome(await browser.post(verify, { attemptId: unknown, code })), {
    status: 401,
    code: 'attempt-unknown',
  });
  t.equal((await browser.post(verify, { attemptId, code })).status, 200);
});

t.test('a browser with two attempt cookies is another browser: one of them was planted', async (t) => {
  const [browser, planter] = [openBrowser(auth.url), openBrowser(auth.url)];
  const { token, attemptId, code } = await askForLink(auth, browser, newAddress());
  await askForLink(auth, planter, newAddress());
  const own = `sign_in_attempt=${browser.cookies.get('sign_in_attempt') ?? ''}`;
  const planted = `sign_in_attempt=${planter.cookies.get('sign_in_attempt') ?? ''}`;
  for (const cookie of [`${own}; ${planted}`, `${planted}; ${own}`, `${own}; sign_in_attempt=x`]) {
    const byLink = await browser.post(verify, { token }, { cookie });
    t.strictSame(outcome(byLink), { status: 409, code: 'different-browser' });
    t.strictSame(byLink.setCookies, []);
    const byCode = await browser.post(verify, { attemptId, code }, { cookie });
    t.strictSame(outcome(byCode), { status: 401, code: 'attempt-unknown' });
  }
  t.equal((await browser.post(verify, { token })).status, 200, 'nothing was spent');
});

t.test(
  '9: late, repeated and superseded links say which they are, and a second click never ends a session',
  async (t) => {
    const browser = openBrowser(auth.url);
    const email = newAddress();
    const older = await askForLink(auth, browser, email);
    const newer = await askForLink(auth, browser, email);
    t.strictSame(outcome(await browser.post(verify, { token: older.token })), { status: 401, code: 'link-superseded' });
    t.equal((await browser.post(verify, { token: newer.token })).status, 200);

    const second = await browser.post(verify, { token: newer.token });
    t.strictSame(outcome(second), { status: 401, code: 'link-used' });
    t.strictSame(second.setCookies, [], 'the cookies stay');
    t.equal((await browser.post('/auth/refresh')).status, 200, 'and so does the session');

    const unknown = `${older.token.slice(0, -4)}AAAA`;
    t.strictSame(outcome(await browser.post(verify, { token: unknown })), { status: 401, code: 'link-invalid' });
    t.strictSame(outcome(await browser.post(verify, { token: older.token })), { status: 401, code: 'link-superseded' });
  },
);

t.test('of links asked for at the same moment exactly one is good', async (t) => {
  const email = newAddress();
  const browsers = Array.from({ length: 10 }, () => openBrowser(auth.url));
  const attempts = await Promise.all(browsers.map((browser) => askForLink(auth, browser, email)));
  const answers = await Promise.all(
    attempts.map(({ token }, index) => (browsers[index] ?? openBrowser(auth.url)).post(verify, { token })),
  );
  t.strictSame(answers.map(({ status }) => status).sort(), [200, ...Array.from({ length: 9 }, () => 401)]);
});

t.test('10: requesting a link, then changing the address, kills the link', async (t) => {
  const { browser, email, tokens } = await signIn(auth);
  const { token, attemptId, code } = await askForLink(auth, browser, email);
  await sql`update auth.users set email = ${newAddress()} where id = ${tokens.user.id}`;
  t.strictSame(outcome(await browser.post(verify, { token })), { status: 401, code: 'link-invalid' });
  t.strictSame(outcome(await browser.post(verify, { attemptId, code })), { status: 401, code: 'link-invalid' });
  t.equal(await countSessions(email), 0);
});

t.test('10: a link to what becomes the new address is dead once the address was changed', async (t) => {
  const { tokens } = await signIn(auth);
  const [browser, email] = [openBrowser(auth.url), newAddress()];
  const { token } = await askForLink(auth, browser, email);
  await sql.unsafe(`update auth.users set email = $1, ${credentialsChanged} where id = $2`, [email, tokens.user.id]);
  t.strictSame(outcome(await browser.post(verify, { token })), { status: 401, code: 'link-invalid' });
});

t.test(
  '10: requesting a link, then changing the password, kills the link and its code; a new one is good',
  async (t) => {
    const { browser, email, tokens } = await signIn(auth);
    const { token, attemptId, code } = await askForLink(auth, browser, email);
    await sql.unsafe(`update auth.users set ${credentialsChanged} where id = $1`, [tokens.user.id]);
    t.strictSame(outcome(await browser.post(verify, { token })), { status: 401, code: 'link-invalid' });
    t.strictSame(outcome(await browser.post(verify, { attemptId, code })), { status: 401, code: 'link-invalid' });
    t.equal(await countSessions(email), 1, 'as before');
    const later = await askForLink(auth, browser, email);
    t.equal((await browser.post(verify, { token: later.token })).status, 200);
  },
);

t.test('2: a token of one purpose is refused for every other purpose', async (t) => {
  const { browser, tokens } = await signIn(auth);
  const refreshToken = refreshTokenOf(browser);
  const waiting = openBrowser(auth.url);
  const { token, attemptId } = await askForLink(auth, waiting, newAddress());
  const browserSecret = waiting.cookies.get('sign_in_attempt') ?? '';

  for (const secret of [token, browserSecret, tokens.accessToken, attemptId]) {
    t.equal((await refresh(auth.url, secret)).status, 401);
  }
  for (const secret of [refreshToken, browserSecret]) {
    t.strictSame(outcome(await waiting.post(verify, { token: secret, confirm: 'here' })), {
      status: 401,
      code: 'link-invalid',
    });
  }
  for (const secret of [token, refreshToken, browserSecret]) {
    const me = await ask(`${auth.url}/auth/me`, { headers: { authorization: `Bearer ${secret}` } });
    t.strictSame(outcome(me), { status: 401, code: 'invalid-token' });
  }
  for (const secret of [token, refreshToken, tokens.accessToken]) {
    const forged = openBrowser(auth.url, [['sign_in_attempt', secret]]);
    t.strictSame(outcome(await forged.post(verify, { token })), { status: 409, code: 'different-browser' });
  }
  t.equal((await browser.post('/auth/refresh')).status, 200, 'nothing of it was spent');
  t.equal((await waiting.post(verify, { token })).status, 200);
});

t.test('5: GET, HEAD, OPTIONS and scanners consume nothing', async (t) => {
  const browser = openBrowser(auth.url);
  const { token } = await askForLink(auth, browser, newAddress());
  for (const method of ['GET', 'HEAD', 'OPTIONS']) {
    for (const path of [verify, `${verify}?token=${token}`, `${verify}/${token}`]) {
      const { status } = await ask(auth.url + path, { method, headers: { origin: webOrigin } });
      t.not(status, 200, `${method} ${status}`);
    }
  }
  t.equal((await browser.post(verify, { token })).status, 200);
});

t.test(
  'a disabled account is refused, and only whoever reads its mail hears so; the link stays as it was',
  async (t) => {
    const { browser, email, tokens } = await signIn(auth);
    await sql`update auth.users set disabled_at = now() where id = ${tokens.user.id}`;
    const { token, attemptId, code } = await askForLink(auth, browser, email);
    t.strictSame(outcome(await openBrowser(auth.url).post(verify, { token })), {
      status: 409,
      code: 'different-browser',
    });
    t.strictSame(outcome(await browser.post(verify, { token })), { status: 401, code: 'account-disabled' });
    t.strictSame(outcome(await browser.post(verify, { attemptId, code })), { status: 401, code: 'account-disabled' });
    t.equal(await countSessions(email), 1);
    await sql`update auth.users set disabled_at = null where id = ${tokens.user.id}`;
    t.equal((await browser.post(verify, { token })).status, 200);
  },
);

t.test('the first administrator is who the configuration says, also when the account was there before', async (t) => {
  const { tokens } = await signIn(auth, 'founder@example.com');
  t.strictSame(tokens.user.roles, ['user', 'admin']);
  await sql`update auth.users set roles = '{user}' where id = ${tokens.user.id}`;
  const again = await signIn(auth, 'founder@example.com');
  t.strictSame(again.tokens.user.roles, ['user', 'admin']);
});

t.test('five codes can be tried, then only the link is left', async (t) => {
  const browser = openBrowser(auth.url);
  const { attemptId, code, token } = await askForLink(auth, browser, newAddress());
  const wrong = code === 'AAAAAA' ? 'CCCCCC' : 'AAAAAA';
  for (let count = 0; count < 5; count++) {
    t.strictSame(outcome(await browser.post(verify, { attemptId, code: wrong })), {
      status: 401,
      code: 'code-invalid',
    });
  }
  const refused = await browser.post(verify, { attemptId, code });
  t.match(refused, {
    status: 429,
    headers: { 'retry-after': /^\d+$/, 'ratelimit-limit': '5' },
    json: { code: 'rate-limited' },
  });
  t.equal((await browser.post(verify, { token })).status, 200, 'the owner is not locked out');
});

t.test('parallel guesses are counted one by one', async (t) => {
  const browser = openBrowser(auth.url);
  const { attemptId, code } = await askForLink(auth, browser, newAddress());
  const wrong = code === 'AAAAAA' ? 'CCCCCC' : 'AAAAAA';
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => browser.copy().post(verify, { attemptId, code: wrong })),
  );
  t.equal(answers.filter(({ status }) => status === 401).length, 5);
  t.equal(answers.filter(({ status }) => status === 429).length, 45);
});

t.test('12: guessing is bounded per recipient across resends, and the link still works', async (t) => {
  const browser = openBrowser(auth.url);
  const email = newAddress();
  const guess = async () => {
    const { attemptId, code, token } = await askForLink(auth, browser, email);
    const wrong = code === 'AAAAAA' ? 'CCCCCC' : 'AAAAAA';
    const answers = [];
    for (let count = 0; count < 5; count++) answers.push(await browser.post(verify, { attemptId, code: wrong }));
    return { statuses: answers.map(({ status }) => status), token, attemptId, code };
  };
  for (let resend = 0; resend < 4; resend++) t.strictSame((await guess()).statuses, [401, 401, 401, 401, 401]);
  const { statuses, token, attemptId, code } = await guess();
  t.strictSame(statuses, [429, 429, 429, 429, 429]);
  t.equal((await browser.post(verify, { attemptId, code })).status, 429);
  t.equal((await browser.copy().post(verify, { token })).status, 200);

  await letTimePass(auth.database, '1 hour');
  const later = await askForLink(auth, browser, email);
  t.equal((await browser.post(verify, { attemptId: later.attemptId, code: later.code })).status, 200);
});

t.test('a body that is not exactly one of the two is refused and nothing is spent', async (t) => {
  const browser = openBrowser(auth.url);
  const { attemptId, code, token } = await askForLink(auth, browser, newAddress());
  const bodies: [unknown, number][] = [
    [undefined, 422],
    [{}, 422],
    ['{"token":', 400],
    ['[]', 422],
    [{ token, code }, 422],
    [{ token, userId: 'x' }, 422],
    [{ token, roles: ['admin'] }, 422],
    [{ token, confirm: 'yes' }, 422],
    [{ token: [token] }, 422],
    [{ attemptId, code: 'ABC' }, 422],
    [{ attemptId: "' or 1=1 --", code }, 422],
    [`{"token":"${token}","__proto__":{"confirm":"here"}}`, 400],
    [{ token, pad: 'x'.repeat(70_000) }, 413],
  ];
  for (const [body, status] of bodies) {
    const answer = await browser.post(verify, body);
    t.equal(answer.status, status, answer.text);
    t.match(answer.headers['content-type'], 'application/problem+json');
  }
  const form = await browser.post(verify, `token=${token}`, { 'content-type': 'application/x-www-form-urlencoded' });
  t.equal(form.status, 415);
  t.equal((await browser.post(verify, { token })).status, 200);
});

t.test('many links lead to one account, each to a session of its own', async (t) => {
  const first = await signIn(auth);
  const second = await signIn(auth, first.email);
  t.equal(second.tokens.user.id, first.tokens.user.id);
  t.equal(await countSessions(first.email), 2);
  t.not(
    successorIn(await first.browser.post('/auth/refresh')),
    successorIn(await second.browser.post('/auth/refresh')),
  );
  const answer = (await second.browser.post('/auth/refresh')).json as TokenAnswer;
  t.equal(answer.user.createdAt, first.tokens.user.createdAt);
});
