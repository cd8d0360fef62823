import { type TokenAnswer } from '@alva/validation';
import t from 'tap';
import { newAddress, startAuth } from '../support/auth.ts';
import { ask, openBrowser, type Browser } from '../support/browser.ts';
import { goodPassword, logIn, otherPassword, register, tokenOf } from '../support/passwords.ts';
import { askForLink, signIn, waitForMail } from '../support/sign-in.ts';

const auth = await startAuth(t);
const { sql } = auth.database;
const verify = '/auth/verify-magic-link';

async function begin(email: string, more: object = {}) {
  const browser = openBrowser(auth.url);
  const { json } = await browser.post('/auth/register', { email, name: 'Mallory', password: goodPassword, ...more });
  const { attemptId } = json as { attemptId: string };
  const mail = await waitForMail(auth, email, ({ id }) => id === attemptId);
  return { browser, attemptId, token: tokenOf(mail), code: mail.code };
}

/** Has the mail sent once more, as its button does. */
async function registerAgain(browser: Browser, email: string): Promise<string> {
  const { json } = await browser.post('/auth/register', { email });
  const { attemptId } = json as { attemptId: string };
  return tokenOf(await waitForMail(auth, email, ({ id }) => id === attemptId));
}

async function passwordsOf(email: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from auth.passwords p join auth.users u on u.id = p.user_id where u.email = ${email}`;
  return row?.count ?? -1;
}

t.test('an account comes into being when its link is used, not before', async (t) => {
  const email = newAddress();
  const { browser, token } = await begin(email, { redirectTo: '/welcome' });
  t.equal((await sql`select from auth.users where email = ${email}`).length, 0);
  t.equal((await logIn(auth, email, goodPassword)).status, 401);
  t.match(await browser.post(verify, { token }), {
    status: 200,
    json: { redirectTo: '/welcome', user: { name: 'Mallory', emailVerified: true } },
  });
  t.equal((await logIn(auth, email, goodPassword)).status, 200);
  t.equal((await sql`select from auth.registrations`).length, 0, 'what was kept for it is gone');
});

t.test('the code does as well as the link, and a password is optional', async (t) => {
  const email = newAddress();
  const { browser, attemptId, code } = await begin(email);
  t.equal((await browser.post(verify, { attemptId, code })).status, 200);
  t.equal((await logIn(auth, email, goodPassword)).status, 200);
  const bare = await begin(newAddress(), { password: undefined });
  t.match(await bare.browser.post(verify, { token: bare.token }), { status: 200, json: { user: { name: 'Mallory' } } });
});

t.test('8: known, unknown and disabled addresses get the same bytes', async (t) => {
  const [known, disabled] = [await register(auth), await register(auth)];
  await sql`update auth.users set disabled_at = now() where id = ${disabled.tokens.user.id}`;
  const shapes = [];
  for (const email of [known.email, newAddress(), disabled.email]) {
    const body = { email, password: otherPassword };
    const { status, headers, text, setCookies } = await ask(`${auth.url}/auth/register`, { method: 'POST', body });
    const {
      date: _,
      'x-request-id': __,
      'set-cookie': ___,
      'ratelimit-remaining': ____,
      'ratelimit-reset': _____,
      ...same
    } = headers;
    const cookies = setCookies.map((line) => line.replace(/=[\w-]{43};/, '=…;'));
    shapes.push({ status, same, text: text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '…'), cookies });
  }
  t.equal(shapes[0]?.status, 202);
  t.strictSame(shapes[1], shapes[0]);
  t.strictSame(shapes[2], shapes[0]);
});

t.test('8: known and unknown addresses take the same time', async (t) => {
  const { email: known } = await register(auth);
  const times: [number[], number[]] = [[], []];
  for (let sample = 0; sample < 500; sample++)
    for (const [kind, email] of [known, newAddress()].entries()) {
      const started = performance.now();
      await ask(`${auth.url}/auth/register`, { method: 'POST', body: { email, password: otherPassword } });
      times[kind]?.push(performance.now() - started);
    }
  const medians = times.map((list) => list.toSorted((a, b) => a - b)[250] ?? NaN);
  t.comment(medians.map((median) => median.toFixed(2)));
  t.ok(Math.max(...medians) - Math.min(...medians) < 5, 'medians less than 5 ms apart');
});

t.test('10: registering an address that has an account changes nothing of it', async (t) => {
  const { email } = await signIn(auth);
  const { browser, token } = await begin(email);
  t.match(await browser.post(verify, { token }), { status: 200, json: { user: { name: null } } });
  t.equal(await passwordsOf(email), 0);
  const owner = await register(auth);
  const other = await begin(owner.email, { password: otherPassword });
  await other.browser.post(verify, { token: other.token });
  t.equal((await logIn(auth, owner.email, otherPassword)).status, 401);
  t.equal((await logIn(auth, owner.email, goodPassword)).status, 200);
});

t.test('10: what somebody registers for the address of another is dropped when its owner opens the link', async (t) => {
  const email = newAddress();
  const { token } = await begin(email);
  const owner = openBrowser(auth.url);
  t.match(await owner.post(verify, { token }), { status: 409, json: { code: 'different-browser' } });
  t.match(await owner.post(verify, { token, confirm: 'here' }), { status: 200, json: { user: { name: null } } });
  t.equal(await passwordsOf(email), 0);
  t.equal((await logIn(auth, email, goodPassword)).status, 401);
});

t.test('10: nor does it wait for the owner to make the account in another way', async (t) => {
  const email = newAddress();
  await begin(email);
  const { tokens } = await signIn(auth, email);
  t.equal(tokens.user.name, null);
  t.equal(await passwordsOf(email), 0);
  t.equal((await logIn(auth, email, goodPassword)).status, 401);
});

t.test(
  '10: whoever verifies an address takes the account: password, sessions and second factor set before are gone',
  async (t) => {
    const { email, browser, tokens } = await register(auth);
    const { id } = tokens.user;
    await sql`update auth.users set email_verified_at = null where id = ${id}`;
    await sql`insert into auth.totp_secrets (user_id, secret_sealed, confirmed_at) values (${id}, 'x', now())`;
    await sql`insert into auth.passkeys (id, user_id, credential_id, public_key, sign_count, transports, name, backed_up)
      values (${id}, ${id}, ${id}, 'x', 0, '{}', 'x', false)`;
    await sql`insert into auth.identities (id, user_id, issuer, subject, provider)
      values (${id}, ${id}, 'https://id.example.com', 'x', 'oidc')`;
    const owner = await signIn(auth, email);
    t.equal(owner.tokens.user.id, id);
    t.equal((await browser.post('/auth/refresh')).status, 401);
    t.equal((await owner.browser.post('/auth/refresh')).status, 200);
    t.equal((await logIn(auth, email, goodPassword)).status, 401);
    t.match(await sql`select end_reason from auth.sessions where user_id = ${id} and ended_at is not null`, [
      { end_reason: 'revoked' },
    ]);
    const because = 'address-proven';
    t.match(
      await sql`select event, detail from auth.audit_events
        where user_id = ${id} and detail->>'because' = ${because} order by event`,
      [
        { event: 'passkey-removed', detail: { passkey: id } },
        { event: 'password-removed', detail: { because } },
        { event: 'provider-disconnected', detail: { provider: 'oidc', identity: id } },
        { event: 'second-factor-off', detail: { because } },
      ],
      'the trail says what went',
    );
  },
);

t.test('common, personal and patterned passwords are refused with a word about why, at the field', async (t) => {
  const email = 'ada.lovelace@example.com';
  const refused: [string, RegExp][] = [
    ['short', /at least 12/],
    ['x'.repeat(129), /at most 128/],
    ['password1234', /it is common/],
    ['P4$$w0rd2024!', /it is common/],
    ['AdaLovelace1815', /who you are/],
    ['Alva-Alva-Alva', /what it is for/],
    ['iloveyou1234', /easy to guess/],
    ['qwertyuiop12', /follows the keyboard/],
    ['1qaz2wsx3edc', /follows the keyboard/],
    ['aaaaaaaaaaaaaaa', /repeats itself/],
    ['monkeymonkeymonkey', /easy to guess/],
    ['Summer2024!!!', /easy to guess/],
  ];
  for (const [password, detail] of refused)
    t.match(
      await ask(`${auth.url}/auth/register`, { method: 'POST', body: { email, name: 'Ada Byron', password } }),
      { status: 422, json: { errors: [{ pointer: '#/password', detail }] } },
      password,
    );
  for (const password of [
    'correct horse battery staple',
    'v7#kQz!m2LpX',
    'гора река облако',
    'マリアの赤い傘は丘の上にある',
    '  spaces at both ends  ',
  ])
    t.equal(
      (await ask(`${auth.url}/auth/register`, { method: 'POST', body: { email, password } })).status,
      202,
      password,
    );
});

t.test('one’s own address is no password, whole, in part or with a little added', async (t) => {
  const long = `${'wanda.'.repeat(8)}q@mail.example.com`;
  const refused: [string, string[]][] = [
    [
      'ada@example.com',
      ['ada@example.com', 'ADA@Example.com', 'ada@example.com7', '!ada@example.com1815', 'ad4@3xample.com'],
    ],
    ['ada@example.com', ['ada.example.com', 'adaexample.com', 'ada_at_example.com', 'adaexample1234']],
    [
      'margaret.hamilton@acme.io',
      ['margaret.hamilton@acme.io', 'garet.hamilton@acm', 'margarethamilton', 'margaret.hamilton#1'],
    ],
    ['zq7-xk2v@wjhf.io', ['zq7-xk2v@wjhf.io', 'zq7-xk2v@wjhf', 'zq7-xk2vwjhf2']],
    [long, [long, `${long}2024`, `1${long}`]],
  ];
  for (const [email, passwords] of refused)
    for (const password of passwords)
      t.match(
        await ask(`${auth.url}/auth/register`, { method: 'POST', body: { email, password } }),
        { status: 422, json: { errors: [{ pointer: '#/password', detail: /who you are/ }] } },
        password,
      );
  const accepted: [string, string][] = [
    ['ada@example.com', 'ada v7#kQz!m2LpX'],
    ['ada@example.com', 'adamant otter sails granite'],
    ['al@example.com', 'alpine salt, coral, signal'],
    ['ada@example.com', 'ada@example.com v7#kQz!m2'],
  ];
  for (const [email, password] of accepted)
    t.equal(
      (await ask(`${auth.url}/auth/register`, { method: 'POST', body: { email, password } })).status,
      202,
      password,
    );
});

t.test(
  'a mail sent once more keeps what was registered, in the browser that registered, and nowhere else',
  async (t) => {
    const email = newAddress();
    const { browser } = await begin(email);
    t.equal((await browser.post(verify, { token: await registerAgain(browser, email) })).status, 200);
    t.equal(await passwordsOf(email), 1);

    const other = newAddress();
    await begin(other);
    const owner = openBrowser(auth.url);
    t.equal((await owner.post(verify, { token: await registerAgain(owner, other) })).status, 200);
    t.equal(await passwordsOf(other), 0);

    const [first, second] = [newAddress(), newAddress()];
    const { browser: shared } = await begin(first);
    t.equal((await shared.post(verify, { token: await registerAgain(shared, second) })).status, 200);
    t.equal(await passwordsOf(second), 0, 'of another address');
  },
);

t.test('10: a password that somebody registered on a shared browser is not that of who signs in there', async (t) => {
  const email = newAddress();
  const { browser } = await begin(email);
  const { token } = await askForLink(auth, browser, email);
  t.equal((await browser.post(verify, { token })).status, 200);
  t.equal(await passwordsOf(email), 0);
});

t.test(
  '12: mails to register count with those to sign in, and a refused one is not free where it was hashed',
  async (t) => {
    const env = { LINK_LIMIT_PER_RECIPIENT: '2/10m', LINK_LIMIT_PER_ADDRESS: '6/5m' };
    const strict = await startAuth(t, { database: auth.database, env });
    const email = newAddress();
    const paths = ['/auth/register', '/auth/password/forgot', '/auth/send-magic-link'];
    const statuses = [];
    for (const path of [...paths, '/auth/register'])
      statuses.push((await ask(strict.url + path, { method: 'POST', body: { email } })).status);
    t.strictSame(statuses, [202, 202, 202, 429]);
    const others = [];
    for (const path of paths)
      others.push((await ask(strict.url + path, { method: 'POST', body: { email: newAddress() } })).status);
    t.strictSame(others, [202, 202, 429]);
  },
);

t.test('the person sees what they registered as the token’s answer says', async (t) => {
  const { tokens } = await register(auth);
  const { json } = await ask(`${auth.url}/auth/me`, { headers: { authorization: `Bearer ${tokens.accessToken}` } });
  t.equal((json as TokenAnswer['user']).name, 'Ada Byron');
});

t.test('14: what is refused anyway is refused before a password is hashed', async (t) => {
  const { hasher } = auth.resources;
  let hashed = 0;
  const hash = hasher.hash.bind(hasher);
  hasher.hash = (password) => {
    hashed++;
    return hash(password);
  };
  t.teardown(() => Object.assign(hasher, { hash }));
  const body = { email: newAddress(), password: goodPassword };
  const foreign = { ...body, redirectTo: 'https://elsewhere.example/x' };
  t.equal((await ask(`${auth.url}/auth/register`, { method: 'POST', body: foreign })).status, 422);
  t.equal(hashed, 0);
  t.equal((await ask(`${auth.url}/auth/register`, { method: 'POST', body })).status, 202);
  t.equal(hashed, 1);
});
