import { type TokenAnswer } from '@alva/validation';
import { decodeJwt } from 'jose';
import t from 'tap';
import { newAddress, startAuth } from '../support/auth.ts';
import { ask, openBrowser } from '../support/browser.ts';
import { comeBack, landing, setOut, signInAtIssuer, startIssuer } from '../support/providers.ts';
import { codeOf, openSession } from '../support/sessions.ts';

const { issuer, env } = await startIssuer(t);
const auth = await startAuth(t, { env });
const { sql } = auth.database;

let count = 0;
/** Somebody whom nobody here knows yet; `claims` are what the issuer says of them. */
function newPerson(claims: Record<string, unknown> = {}) {
  const [name, email] = [`person-${++count}`, newAddress()];
  const person = { name, email, subject: `subject-${count}` };
  issuer.setAccount(name, { subject: person.subject, claims: { email, email_verified: true, name, ...claims } });
  return person;
}

const accountsOf = async (email: string) => [
  ...(await sql`select id, email_verified_at, name from auth.users where email = ${email}`),
];
const identitiesOf = async (userId: string) => [
  ...(await sql`select issuer, subject from auth.identities where user_id = ${userId}`),
];
const sessionsOf = (email: string) =>
  sql`select s.id, s.amr from auth.sessions s join auth.users u on u.id = s.user_id where u.email = ${email}`;

t.test('whoever comes back signed in has a session, and an account the first time', async (t) => {
  const { name, email } = newPerson();
  const browser = openBrowser(auth.url);
  const answer = await comeBack(issuer, browser, name, '?redirectTo=/plans');
  t.strictSame(landing(answer), { page: '/sign-in/complete', next: '/plans', way: 'oidc' });
  t.match(answer.headers, { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  t.match(answer.setCookies, [/^refresh_token=.*HttpOnly; SameSite=Strict$/, /^provider_attempt=; Max-Age=0/]);
  const { json } = await browser.post('/auth/refresh');
  const { accessToken, user } = json as TokenAnswer;
  t.match(user, { email, emailVerified: true, name });
  t.match(decodeJwt(accessToken), { amr: ['fed'] });

  const again = openBrowser(auth.url);
  t.match(landing(await comeBack(issuer, again, name)), { page: '/sign-in/complete' });
  t.equal((await accountsOf(email)).length, 1);
  t.equal((await sessionsOf(email)).length, 2);
  t.match(await sql`select event, detail from auth.audit_events where user_id = ${user.id} order by id`, [
    { event: 'account-created' },
    { event: 'provider-connected', detail: { provider: 'oidc', how: 'address' } },
    { event: 'signed-in' },
    { event: 'signed-in' },
  ]);
  const { json: mails } = await ask(`${auth.url}/dev/inbox.json?to=${email}`);
  t.strictSame(mails, [], 'no letter about the account that this sign-in itself made');
});

t.test('16: state, nonce and PKCE challenge are new each time and belong to the browser', async (t) => {
  const seen = new Set<string | null>();
  for (let round = 0; round < 3; round++) {
    const browser = openBrowser(auth.url);
    const answer = await browser.get('/auth/oauth/oidc');
    t.match(answer.setCookies, [/^provider_attempt=[\w-]{43}; Max-Age=600; Path=\/auth; HttpOnly; SameSite=Lax$/]);
    t.equal(answer.headers['cache-control'], 'no-store');
    const { searchParams: query } = new URL(answer.headers.location ?? '');
    t.match(Object.fromEntries(query), {
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: /^[\w-]{43}$/,
      scope: 'openid email profile',
    });
    for (const name of ['state', 'nonce', 'code_challenge']) seen.add(query.get(name));
    const stored = JSON.stringify(await sql`select * from auth.provider_attempts`);
    for (const secret of [query.get('state'), query.get('nonce'), browser.cookies.get('provider_attempt')])
      t.notMatch(stored, secret ?? '', 'the database knows none of it');
  }
  t.equal(seen.size, 9);
});

t.test('16: behind https the cookie is one that no sibling domain can plant', async (t) => {
  const secure = await startAuth(t, {
    database: auth.database,
    env: {
      ...env,
      AUTH_URL: 'https://auth.example.com',
      WEB_URL: 'https://app.example.com',
      MAIL_TRANSPORT: 'smtp',
      SMTP_URL: 'smtp://127.0.0.1:1',
    },
  });
  const { setCookies } = await ask(`${secure.url}/auth/oauth/oidc`);
  t.match(setCookies, [/^__Host-provider_attempt=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/]);
});

t.test('16: the callback replayed ten times at once makes one session', async (t) => {
  const { name, email } = newPerson();
  const browser = openBrowser(auth.url);
  const path = await signInAtIssuer(issuer, await setOut(browser), name);
  const landings = await Promise.all(Array.from({ length: 10 }, () => browser.copy().get(path).then(landing)));
  t.equal(landings.filter(({ page }) => page === '/sign-in/complete').length, 1);
  t.equal(landings.filter((one) => 'code' in one && one.code === 'provider-answer-used').length, 9);
  t.equal((await sessionsOf(email)).length, 1);
});

t.test('16: an answer counts only in the browser that was sent', async (t) => {
  const { name, email } = newPerson();
  const browser = openBrowser(auth.url);
  const path = await signInAtIssuer(issuer, await setOut(browser), name);
  const stranger = openBrowser(auth.url);
  await setOut(stranger);
  const planted = `provider_attempt=${browser.cookies.get('provider_attempt') ?? ''}`;
  for (const [other, headers] of [
    [openBrowser(auth.url), {}],
    [stranger, {}],
    [openBrowser(auth.url), { cookie: `${planted}; provider_attempt=${'A'.repeat(43)}` }],
    [openBrowser(auth.url), { cookie: 'provider_attempt=x' }],
  ] as const)
    t.match(landing(await other.get(path, headers)), { page: '/sign-in/problem', code: 'attempt-unknown' });
  t.strictSame(await accountsOf(email), []);
  t.match(landing(await browser.get(path)), { page: '/sign-in/complete' }, 'and there it is still good');
});

t.test('16: two tabs of one browser may be under way', async (t) => {
  const { name } = newPerson();
  const browser = openBrowser(auth.url);
  const first = await setOut(browser);
  await setOut(browser);
  t.match(landing(await browser.get(await signInAtIssuer(issuer, first, name))), { page: '/sign-in/complete' });
});

t.test('16: an answer of one provider is none of another, and none without a state', async (t) => {
  const { createGithubProvider } = await import('../../src/oauth/github-provider.ts');
  const github = createGithubProvider({ clientId: 'x', clientSecret: 'y', redirectUri: 'http://localhost:3002/x' });
  const both = await startAuth(t, {
    database: auth.database,
    env,
    providers: [github, ...auth.resources.providers.values()],
  });
  const browser = openBrowser(both.url);
  const state = (await setOut(browser, 'github')).searchParams.get('state') ?? '';
  for (const query of [`state=${state}&code=x`, 'code=x', `state=${state}&state=${state}&code=x`, 'state=%00&code=x'])
    t.match(landing(await browser.get(`/auth/oauth/oidc/callback?${query}`)), { code: 'attempt-unknown' });
});

t.test('16: ten minutes after setting out it is too late', async (t) => {
  const { name, email } = newPerson();
  const browser = openBrowser(auth.url);
  const path = await signInAtIssuer(issuer, await setOut(browser), name);
  await sql`update auth.provider_attempts set expires_at = now() where spent_at is null`;
  t.match(landing(await browser.get(path)), {
    page: '/sign-in/problem',
    code: 'provider-answer-late',
    provider: 'oidc',
  });
  t.strictSame(await accountsOf(email), []);
});

t.test('16: an answer without the issuer that it announces (RFC 9207), or with another, makes nobody', async (t) => {
  for (const iss of [undefined, 'https://evil.example']) {
    const { name, email } = newPerson();
    const browser = openBrowser(auth.url);
    const url = new URL(await signInAtIssuer(issuer, await setOut(browser), name), auth.url);
    t.equal(url.searchParams.get('iss'), issuer.url);
    if (iss === undefined) url.searchParams.delete('iss');
    else url.searchParams.set('iss', iss);
    t.match(landing(await browser.get(url.pathname + url.search)), { code: 'provider-refused' });
    t.strictSame(await accountsOf(email), []);
  }
});

t.test('5: asking for headers sets nobody out, and neither does a page elsewhere', async (t) => {
  const before = await sql`select count(*)::int from auth.provider_attempts`;
  for (const method of ['HEAD', 'OPTIONS'])
    t.not((await ask(`${auth.url}/auth/oauth/oidc`, { method })).status, 303, method);
  const elsewhere = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' };
  t.equal(codeOf(await ask(`${auth.url}/auth/oauth/oidc`, { headers: elsewhere })), 'origin-not-allowed');
  t.strictSame(await sql`select count(*)::int from auth.provider_attempts`, before);
});

t.test('11: nobody is led anywhere else afterwards', async (t) => {
  for (const target of ['//e.example', '/%5ce.example', 'https:e.example', 'https://e.example/x', '@e.example'])
    t.equal((await ask(`${auth.url}/auth/oauth/oidc?redirectTo=${encodeURIComponent(target)}`)).status, 422, target);
});

t.test('18: the account follows the subject, whatever happens to the address', async (t) => {
  const { name, email, subject } = newPerson();
  await comeBack(issuer, openBrowser(auth.url), name);
  const moved = newAddress();
  issuer.setAccount(name, { subject, claims: { email: moved, email_verified: true } });
  t.match(landing(await comeBack(issuer, openBrowser(auth.url), name)), { page: '/sign-in/complete' });
  t.strictSame(await accountsOf(moved), []);
  t.equal((await sessionsOf(email)).length, 2, 'it is the same account, at its own address');

  issuer.setAccount(name, { subject, claims: { email: moved, email_verified: false } });
  t.match(landing(await comeBack(issuer, openBrowser(auth.url), name)), { page: '/sign-in/complete' });
  issuer.setAccount(name, { subject: `${subject}-reused`, claims: { email, email_verified: false } });
  t.match(landing(await comeBack(issuer, openBrowser(auth.url), name)), { code: 'address-unverified' });
  t.equal((await sessionsOf(email)).length, 3, 'another subject with the same address is somebody else');
});

t.test('18: an address counts only when it was verified, as boolean true', async (t) => {
  for (const verified of ['true', 'True', 1, {}, [], null, false, undefined]) {
    const { name, email } = newPerson({ email_verified: verified });
    const owner = await openSession(auth, email);
    const browser = openBrowser(auth.url);
    const answer = await comeBack(issuer, browser, name);
    t.match(landing(answer), { page: '/sign-in/problem', code: 'address-unverified' }, JSON.stringify(verified));
    t.equal(browser.cookies.has('refresh_token'), false);
    t.equal((await sessionsOf(email)).length, 1);
    t.strictSame(await identitiesOf(owner.userId), []);
  }
  const odd = newPerson({ email: '"a b"@example.com' });
  t.match(landing(await comeBack(issuer, openBrowser(auth.url), odd.name)), { code: 'address-unverified' });
  const without = newPerson({ email: undefined });
  t.match(landing(await comeBack(issuer, openBrowser(auth.url), without.name)), { code: 'address-unverified' });
});

t.test('18: an issuer that is not believed on addresses gets nobody in by one', async (t) => {
  const doubting = await startAuth(t, { database: auth.database, env: { ...env, OIDC_TRUST_EMAIL: 'false' } });
  const { name, email } = newPerson();
  const [stranger, known] = [newPerson(), await openSession(auth, email)];
  for (const one of [name, stranger.name])
    t.match(landing(await comeBack(issuer, openBrowser(doubting.url), one)), { code: 'address-unverified' });
  t.strictSame(await accountsOf(stranger.email), []);
  t.strictSame(await identitiesOf(known.userId), []);
});

t.test('18: a verified address leads to the account that has it, whose owner is told', async (t) => {
  const { name, email } = newPerson();
  const { userId } = await openSession(auth, email);
  t.match(landing(await comeBack(issuer, openBrowser(auth.url), name)), { page: '/sign-in/complete' });
  t.match(await identitiesOf(userId), [{ issuer: issuer.url }]);
  await comeBack(issuer, openBrowser(auth.url), name);
  let mails: unknown[] = [];
  while (mails.length === 0) mails = (await ask(`${auth.url}/dev/inbox.json?to=${email}`)).json as unknown[];
  t.match(mails, [{ subject: 'Example ID can now sign you in to Alva' }]);
});

t.test('10: an account whose address nobody had verified is taken over by whoever has it verified', async (t) => {
  const { name, email } = newPerson();
  const { userId } = await openSession(auth, email);
  await sql`update auth.users set email_verified_at = null where id = ${userId}`;
  t.match(landing(await comeBack(issuer, openBrowser(auth.url), name)), { page: '/sign-in/complete' });
  t.match(await accountsOf(email), [{ id: userId, email_verified_at: Date }]);
});

t.test('25: a second factor is asked for after a provider as well', async (t) => {
  const { name, email } = newPerson();
  const { userId } = await openSession(auth, email);
  await sql`insert into auth.totp_secrets (user_id, secret_sealed, confirmed_at) values (${userId}, 'x', now())`;
  const browser = openBrowser(auth.url);
  const answer = await comeBack(issuer, browser, name, '?redirectTo=/plans');
  t.strictSame(landing(answer), { page: '/sign-in/second-factor', next: '/plans', way: 'oidc' });
  t.match(answer.setCookies, [/^second_factor=[\w-]{43}; Max-Age=600/, /^provider_attempt=;/]);
  t.equal(browser.cookies.has('refresh_token'), false);
  t.equal((await sessionsOf(email)).length, 1, 'only the one from before');
});

t.test('a disabled account stays disabled, and whoever cancels is told so', async (t) => {
  const { name, email } = newPerson();
  const { userId } = await openSession(auth, email);
  await sql`update auth.users set disabled_at = now() where id = ${userId}`;
  t.match(landing(await comeBack(issuer, openBrowser(auth.url), name)), { code: 'account-disabled' });
  t.match(await sql`select detail from auth.audit_events where user_id = ${userId} and event = 'sign-in-refused'`, [
    { detail: { way: 'oidc', reason: 'account-disabled' } },
  ]);
  const cancelled = await comeBack(issuer, openBrowser(auth.url), 'nobody');
  t.match(landing(cancelled), { page: '/sign-in/problem', code: 'provider-cancelled', provider: 'oidc' });
});

t.test('two people at once with one new identity make one account', async (t) => {
  const { name, email } = newPerson();
  const browsers = Array.from({ length: 5 }, () => openBrowser(auth.url));
  const paths = await Promise.all(browsers.map(async (browser) => signInAtIssuer(issuer, await setOut(browser), name)));
  const landings = await Promise.all(
    browsers.map(async (browser, index) => landing(await browser.get(paths[index] ?? ''))),
  );
  t.ok(
    landings.every(({ page }) => page === '/sign-in/complete'),
    JSON.stringify(landings),
  );
  t.equal((await accountsOf(email)).length, 1);
  t.equal((await sql`select from auth.identities where email = ${email}`).length, 1);
});

t.test('how often one may set out is limited by address', async (t) => {
  const strict = await startAuth(t, { database: auth.database, env: { ...env, PROVIDER_LIMIT_PER_ADDRESS: '2/5m' } });
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask(`${strict.url}/auth/oauth/oidc`)));
  const refused = answers.filter(({ headers }) =>
    headers.location?.startsWith('http://localhost:3000/sign-in/problem'),
  );
  t.equal(refused.length, 3);
  t.match(refused.map(landing), [{ code: 'rate-limited' }]);
  const line = strict.logged.find((each) => each.includes('"problem":"rate-limited"')) ?? '{}';
  t.match(JSON.parse(line), { level: 'info', msg: 'GET /auth/oauth/oidc', limit: 'providers:address' });
  await strict.stop();
  t.match(await sql`select detail from auth.audit_events where event = 'limit-reached'`, [
    { detail: { limit: 'providers:address', route: '/auth/oauth/:provider' } },
  ]);
});

t.test('23: nothing that an answer carries is in the log', async (t) => {
  const { name } = newPerson();
  const browser = openBrowser(auth.url);
  const path = await signInAtIssuer(issuer, await setOut(browser), name);
  await browser.get(path);
  await browser.get(path);
  const { searchParams: query } = new URL(path, auth.url);
  for (const secret of [query.get('code'), query.get('state'), browser.cookies.get('refresh_token')])
    t.notMatch(auth.logged.join(''), secret ?? '');
});

t.test('which providers there are, and none by another name', async (t) => {
  t.strictSame((await ask(`${auth.url}/auth/oauth/providers`)).json, {
    items: [{ name: 'oidc', label: 'Example ID' }],
  });
  for (const path of ['google', 'constructor', '__proto__', 'google/callback?state=x'])
    t.equal(codeOf(await ask(`${auth.url}/auth/oauth/${path}`)), 'not-found', path);
});
