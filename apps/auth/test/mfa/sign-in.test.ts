import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { subjectsTo, waitForLetter } from '../support/letters.ts';
import { openBrowser } from '../support/browser.ts';
import { openApp, openCareful, senderOf, showFirstFactor } from '../support/second-factor.ts';
import { codeOf, openSession } from '../support/sessions.ts';
import { signIn, waitForMail } from '../support/sign-in.ts';

const auth = await startAuth(t, { env: { SECOND_FACTOR_LIMIT_PER_ACCOUNT: '10/15m' } });
const { sql } = auth.database;
const verify = '/auth/mfa/verify';
const wrong = '000000';

const openSessions = (userId: string) =>
  sql<{ amr: string[] }[]>`select amr from auth.sessions where user_id = ${userId} and ended_at is null order by id`;

t.test('a right code finishes the sign-in, and the session says by what', async (t) => {
  const { email, app, id } = await openCareful(auth);
  const browser = await showFirstFactor(auth, email);
  const answer = await browser.post(verify, { code: app.code() });
  t.match(answer, { status: 200, json: { tokenType: 'Bearer', user: { email }, redirectTo: null } });
  t.equal(browser.cookies.has('second_factor'), false);
  t.equal(browser.cookies.has('refresh_token'), true);
  t.strictSame((await openSessions(id)).at(-1)?.amr, ['email', 'otp', 'mfa']);
  t.equal((await browser.post('/auth/refresh')).status, 200);
  const trail = await sql`select event from auth.audit_events where user_id = ${id} order by id desc limit 2`;
  t.match(trail, [{ event: 'signed-in' }, { event: 'second-factor-asked' }]);
});

t.test('25: of 100 tries at once with one code, one makes a session; a code is good once whoever asks', async (t) => {
  const { email, app, id } = await openCareful(auth);
  const before = (await openSessions(id)).length;
  const [first, second] = [await showFirstFactor(auth, email), await showFirstFactor(auth, email)];
  const code = app.code();
  const tries = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? first : second).copy());
  const answers = await Promise.all(tries.map((browser) => browser.post(verify, { code })));
  t.equal(answers.filter(({ status }) => status === 200).length, 1);
  t.equal((await openSessions(id)).length, before + 1);
});

t.test('25: of 100 tries at once with one recovery code, one makes a session', async (t) => {
  const { email, id, recoveryCodes } = await openCareful(auth);
  const before = (await openSessions(id)).length;
  const browsers = [await showFirstFactor(auth, email), await showFirstFactor(auth, email)];
  const tries = Array.from({ length: 100 }, (_, index) => browsers[index % 2]?.copy() ?? openBrowser(auth.url));
  const [recoveryCode = ''] = recoveryCodes;
  const answers = await Promise.all(tries.map((browser) => browser.post(verify, { recoveryCode })));
  t.equal(answers.filter(({ status }) => status === 200).length, 1);
  t.equal((await openSessions(id)).length, before + 1);
});

t.test('a recovery code gets in however it is typed, and its owner is told how many are left', async (t) => {
  const { email, recoveryCodes, send } = await openCareful(auth);
  const browser = await showFirstFactor(auth, email);
  const [code = ''] = recoveryCodes;
  t.match(code, /^([34679ACDEFGHJKMNPQRTWXY]{5}-){3}[34679ACDEFGHJKMNPQRTWXY]{5}$/);
  t.equal((await browser.post(verify, { recoveryCode: ` ${code.toLowerCase().replaceAll('-', ' ')} ` })).status, 200);
  t.match(await waitForMail(auth, email, ({ subject }) => subject.includes('recovery code')), { text: /9 are left/ });
  t.match(await send('GET', '/auth/mfa'), { json: { recoveryCodesLeft: 9 } });
});

t.test('a step that was used is past: the code of one before it is refused', async (t) => {
  const { email, app } = await openCareful(auth);
  const browser = await showFirstFactor(auth, email);
  t.equal(codeOf(await browser.post(verify, { code: app.code(-1) })), 'code-invalid', 'it confirmed the app');
  t.equal(codeOf(await browser.post(verify, { code: app.code(3) })), 'code-invalid', 'too far ahead');
  t.equal((await browser.post(verify, { code: app.code(1) })).status, 200, 'a phone that is fast');
  const again = await showFirstFactor(auth, email);
  t.equal(codeOf(await again.post(verify, { code: app.code() })), 'code-invalid');
});

t.test('a challenge is for its browser, its pages and ten minutes', async (t) => {
  const { email, app, id } = await openCareful(auth);
  const browser = await showFirstFactor(auth, email);
  const code = app.code();
  t.equal(codeOf(await openBrowser(auth.url).post(verify, { code })), 'challenge-unknown');
  t.equal(
    codeOf(await browser.copy().post(verify, { code }, { origin: 'https://evil.example' })),
    'origin-not-allowed',
  );
  await sql`update auth.second_factor_challenges set expires_at = now() where user_id = ${id}`;
  t.equal(codeOf(await browser.copy().post(verify, { code })), 'challenge-unknown');
  const disabled = await showFirstFactor(auth, email);
  await sql`update auth.users set disabled_at = now() where id = ${id}`;
  t.equal(codeOf(await disabled.post(verify, { code })), 'account-disabled');
});

t.test(
  '12: guessing is bounded by challenge and by account; recovery codes and passkeys still get the owner in',
  async (t) => {
    const { email, app, recoveryCodes } = await openCareful(auth);
    const first = await showFirstFactor(auth, email);
    for (let count = 0; count < 5; count++)
      t.equal(codeOf(await first.copy().post(verify, { code: wrong })), 'code-invalid');
    const sixth = await first.copy().post(verify, { code: app.code() });
    t.match(sixth, { status: 429, headers: { 'retry-after': /^\d+$/ } });
    t.match(
      await first.copy().post(verify, { recoveryCode: recoveryCodes[0] }),
      { status: 429 },
      'the challenge is over',
    );

    const second = await showFirstFactor(auth, email);
    for (let count = 0; count < 5; count++) await second.copy().post(verify, { code: wrong });
    const third = await showFirstFactor(auth, email);
    t.match(await third.copy().post(verify, { code: app.code() }), { status: 429 }, 'also the right one');
    t.match(await third.copy().post(verify, { recoveryCode: recoveryCodes[0] }), { status: 200 });

    await sql`update auth.rate_limits set resets_at = now() where key like 'second-factor:%'`;
    const fourth = await showFirstFactor(auth, email);
    t.match(await fourth.copy().post(verify, { code: app.code() }), { status: 200 }, 'nobody is locked out for good');
  },
);

t.test('12: a patient guesser has a few codes a day; the owner is told once, and steps up all the same', async (t) => {
  const env = { SECOND_FACTOR_LIMIT_PER_ACCOUNT: '10/15m', SECOND_FACTOR_LONG_LIMIT: '6/1d' };
  const strict = await startAuth(t, { database: auth.database, env });
  const { email, app, id, recoveryCodes, send } = await openCareful(strict);
  const first = await showFirstFactor(strict, email);
  for (let count = 0; count < 5; count++) await first.copy().post(verify, { code: wrong });
  const second = await showFirstFactor(strict, email);
  const tries = await Promise.all(Array.from({ length: 5 }, () => second.copy().post(verify, { code: wrong })));
  t.strictSame(tries.map(codeOf).sort(), ['code-invalid', ...Array.from({ length: 4 }, () => 'rate-limited')]);
  await sql`update auth.rate_limits set resets_at = now() where key = ${`second-factor:${id}`}`;
  const refused = await second.copy().post(verify, { code: app.code() });
  t.match(
    refused,
    { status: 429, headers: { 'retry-after': /^8\d{4}$/ } },
    'the short window is over, the long one is not',
  );
  t.match(await waitForLetter(strict, email, /guesses codes/), { text: /know your password/ });
  t.equal((await subjectsTo(strict, email)).filter((subject) => subject.includes('guesses codes')).length, 1);
  t.equal((await send('POST', '/auth/step-up', { code: app.code() })).status, 200, 'who is signed in is not shut out');
  t.equal((await second.copy().post(verify, { recoveryCode: recoveryCodes[0] })).status, 200);

  await sql`update auth.rate_limits set resets_at = now() where key = ${`second-factor-long:${id}`}`;
  const third = await showFirstFactor(strict, email);
  t.equal((await third.post(verify, { code: app.code(1) })).status, 200, 'nobody is locked out for good');
});

t.test('12: 100 wrong codes at once are no more than five', async (t) => {
  const { email, id } = await openCareful(auth);
  const browser = await showFirstFactor(auth, email);
  const tries = Array.from({ length: 100 }, () => browser.copy().post(verify, { code: wrong }));
  const codes = (await Promise.all(tries)).map(codeOf);
  t.equal(codes.filter((code) => code === 'code-invalid').length, 5);
  t.equal(codes.filter((code) => code === 'rate-limited').length, 95);
  t.match(await sql`select tries from auth.second_factor_challenges where user_id = ${id}`, [{ tries: 5 }]);
});

t.test('25: no session opened by one factor outlives the moment the second is switched on', async (t) => {
  for (let round = 0; round < 10; round++) {
    const person = await signIn(auth);
    const { email } = person;
    const send = senderOf(auth, person);
    const { json } = await send('POST', '/auth/mfa/totp');
    const code = openApp(json as { secret: string }).code();
    const [confirmed] = await Promise.all([
      send('POST', '/auth/mfa/totp/confirm', { code }),
      ...Array.from({ length: 6 }, () => openSession(auth, email).catch(() => undefined)),
    ]);
    t.equal(confirmed.status, 200);
    const open = await openSessions(person.tokens.user.id);
    t.strictSame(
      open.filter(({ amr }) => !amr.includes('mfa')),
      [],
    );
    t.equal(open.length, 1);
  }
});
