import { type TokenAnswer } from '@alva/validation';
import t from 'tap';
import { newAddress, startAuth } from '../support/auth.ts';
import { ask, openBrowser } from '../support/browser.ts';
import { goodPassword, logIn, otherPassword, register } from '../support/passwords.ts';
import { codeOf } from '../support/sessions.ts';
import { askForLink, signIn } from '../support/sign-in.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t);
const { sql } = auth.database;

t.test('who registered with a password signs in with it', async (t) => {
  const { email, tokens } = await register(auth);
  t.equal(tokens.user.name, 'Ada Byron');
  const browser = openBrowser(auth.url);
  const answer = await browser.post('/auth/login', { email, password: goodPassword, redirectTo: '/plans' });
  t.match(answer, { status: 200, headers: { 'cache-control': 'no-store' }, json: { redirectTo: '/plans' } });
  t.equal((answer.json as TokenAnswer).user.id, tokens.user.id);
  t.equal((await browser.post('/auth/refresh')).status, 200);
  t.match(await sql`select amr from auth.sessions where user_id = ${tokens.user.id} order by id desc limit 1`, [
    { amr: ['pwd'] },
  ]);
});

t.test(
  '8: unknown, without a password, wrong, and disabled with a wrong one are answered with the same bytes',
  async (t) => {
    const [known, bare, disabled] = [await register(auth), await signIn(auth), await register(auth)];
    await sql`update auth.users set disabled_at = now() where id = ${disabled.tokens.user.id}`;
    const shapes = [];
    for (const email of [known.email, newAddress(), bare.email, disabled.email]) {
      const { status, headers, text, setCookies } = await ask(`${auth.url}/auth/login`, {
        method: 'POST',
        body: { email, password: otherPassword },
      });
      const { date: _, 'x-request-id': __, 'ratelimit-remaining': ___, 'ratelimit-reset': ____, ...same } = headers;
      shapes.push({ status, same, text: text.replace(/"requestId":"[^"]+"/, ''), setCookies });
    }
    const [first, ...others] = shapes;
    t.match(first, { status: 401, text: /credentials-invalid/ });
    for (const other of others) t.strictSame(other, first);
    t.match(await logIn(auth, disabled.email, goodPassword), { status: 401, json: { code: 'account-disabled' } });
  },
);

t.test('8: known, unknown, password-less and disabled addresses take the same time to refuse', async (t) => {
  const [known, bare, disabled] = [await register(auth), await signIn(auth), await register(auth)];
  await sql`update auth.users set disabled_at = now() where id = ${disabled.tokens.user.id}`;
  const emails = [known.email, newAddress(), bare.email, disabled.email];
  const times: number[][] = emails.map(() => []);
  for (let sample = 0; sample < 500; sample++) {
    for (const [kind, email] of emails.entries()) {
      const started = performance.now();
      await logIn(auth, email, otherPassword);
      times[kind]?.push(performance.now() - started);
    }
  }
  const medians = times.map((list) => list.toSorted((a, b) => a - b)[250] ?? NaN);
  t.comment(medians.map((median) => median.toFixed(2)));
  t.ok(Math.max(...medians) - Math.min(...medians) < 5, 'medians less than 5 ms apart');
});

t.test('12: ten wrong passwords in a quarter of an hour, however many at once; mailed links still work', async (t) => {
  const strict = await startAuth(t, { database: auth.database, env: { PASSWORD_LIMIT_PER_ACCOUNT: '10/15m' } });
  const { email } = await register(strict);
  for (let count = 0; count < 12; count++)
    t.equal((await logIn(strict, email, goodPassword)).status, 200, 'right: free');
  const spelled = email.replace('person', 'Person');
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) => logIn(strict, index % 2 ? email : spelled, otherPassword)),
  );
  t.strictSame(
    [401, 429].map((wanted) => answers.filter(({ status }) => status === wanted).length),
    [10, 30],
  );
  t.match(await logIn(strict, email, goodPassword), {
    status: 429,
    headers: { 'retry-after': /^[1-9]\d*$/, 'ratelimit-limit': '10' },
    json: { code: 'rate-limited' },
  });
  const browser = openBrowser(strict.url);
  const { token } = await askForLink(strict, browser, email);
  t.equal((await browser.post('/auth/verify-magic-link', { token })).status, 200, 'nobody is locked out');
  await letTimePass(auth.database, '15 minutes');
  t.equal((await logIn(strict, email, goodPassword)).status, 200);
});

t.test('12: unknown addresses have the same limit', async (t) => {
  const strict = await startAuth(t, { database: auth.database, env: { PASSWORD_LIMIT_PER_ACCOUNT: '3/15m' } });
  const email = newAddress();
  const statuses = [];
  for (let count = 0; count < 4; count++) statuses.push((await logIn(strict, email, otherPassword)).status);
  t.strictSame(statuses, [401, 401, 401, 429]);
});

t.test('12: a network address tries only so many passwords, over all accounts; right ones are free', async (t) => {
  const strict = await startAuth(t, { database: auth.database, env: { LOGIN_FAILURE_LIMIT: '5/5m' } });
  const { email } = await register(strict);
  const careful = await register(strict);
  await sql`insert into auth.totp_secrets (user_id, secret_sealed, confirmed_at) values (${careful.tokens.user.id}, 'x', now())`;
  for (let count = 0; count < 8; count++) {
    t.equal((await logIn(strict, email, goodPassword)).status, 200);
    t.equal((await logIn(strict, careful.email, goodPassword)).status, 403);
  }
  const answers = await Promise.all(Array.from({ length: 12 }, () => logIn(strict, newAddress(), otherPassword)));
  t.equal(answers.filter(({ status }) => status === 401).length, 5);
  t.equal((await logIn(strict, email, goodPassword)).status, 429);
});

t.test('25: a password alone opens no session for somebody who has a second factor', async (t) => {
  const { email, tokens } = await register(auth);
  await sql`insert into auth.totp_secrets (user_id, secret_sealed, confirmed_at) values (${tokens.user.id}, 'x', now())`;
  const browser = openBrowser(auth.url);
  t.match(await logIn(auth, email, goodPassword, browser), { status: 403, json: { code: 'second-factor-required' } });
  t.notOk(browser.cookies.has('refresh_token'));
});

t.test('a password is the same however the keyboard composes its letters', async (t) => {
  const composed = 'Übergrößen für Ärzte 42';
  const { email } = await register(auth, { email: newAddress(), password: composed.normalize('NFD') });
  t.equal((await logIn(auth, email, composed.normalize('NFC'))).status, 200);
  t.equal((await logIn(auth, email, composed.toLowerCase())).status, 401);
});

t.test('hashed anew at a sign-in when the cost was raised, and still right', async (t) => {
  const { email, tokens } = await register(auth);
  const dearer = await startAuth(t, { database: auth.database, env: { ARGON2_MEMORY_MIB: '2', ARGON2_PASSES: '2' } });
  const hashOf = async () => {
    const [row] = await sql<{ hash: string }[]>`select hash from auth.passwords where user_id = ${tokens.user.id}`;
    return row?.hash ?? '';
  };
  t.match(await hashOf(), /^\$argon2id\$v=19\$m=1024,t=1,p=1\$/);
  t.equal((await logIn(dearer, email, otherPassword)).status, 401);
  t.match(await hashOf(), /m=1024/, 'not for a wrong one');
  t.equal((await logIn(dearer, email, goodPassword)).status, 200);
  while (!(await hashOf()).includes('m=2048,t=2,p=1')) await new Promise((resolve) => setImmediate(resolve));
  t.equal((await logIn(dearer, email, goodPassword)).status, 200);
  t.match(await dearer.metrics.registry.metrics(), /^auth_password_rehashes_total(?:\{.*\})? 1$/m);
});

t.test('what is no login is refused, and nothing is tried', async (t) => {
  const { email } = await register(auth);
  const bodies: [object, string][] = [
    [{ email }, '#/password'],
    [{ email, password: '' }, '#/password'],
    [{ email, password: 'x'.repeat(513) }, '#/password'],
    [{ email, password: '\ud800'.repeat(12) }, '#/password'],
    [{ email, password: goodPassword, roles: ['admin'] }, '#/roles'],
    [{ email: 'a@b', password: goodPassword }, '#/email'],
    [{ email, password: goodPassword, redirectTo: '//evil.example' }, '#/redirectTo'],
    [{ email, password: goodPassword, redirectTo: 'https://evil.example' }, '#/redirectTo'],
  ];
  for (const [body, pointer] of bodies)
    t.match(await ask(`${auth.url}/auth/login`, { method: 'POST', body }), {
      status: 422,
      json: { errors: [{ pointer }] },
    });
});

t.test('what was tried and by whom is in the trail, but no password is anywhere', async (t) => {
  const { email, tokens } = await register(auth);
  await logIn(auth, email, otherPassword);
  t.match(
    await sql`select event, detail from auth.audit_events where user_id = ${tokens.user.id} order by id desc limit 1`,
    [{ event: 'sign-in-refused', detail: { way: 'password', reason: 'password-wrong' } }],
  );
  t.equal(codeOf(await logIn(auth, email, otherPassword)), 'credentials-invalid');
  const logged = auth.logged.join('');
  t.notOk(logged.includes(otherPassword) || logged.includes(goodPassword));
});
