import { type TokenAnswer, type TotpSetup } from '@alva/validation';
import t from 'tap';
import { hearEnds } from '../support/announcements.ts';
import { newAddress, startAuth } from '../support/auth.ts';
import { ask, openBrowser } from '../support/browser.ts';
import { askForReset, goodPassword, logIn, otherPassword, register } from '../support/passwords.ts';
import { expectOk, openApp, senderOf } from '../support/second-factor.ts';
import { codeOf } from '../support/sessions.ts';
import { askForLink, readInbox, signIn, waitForMail } from '../support/sign-in.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t);
const { sql } = auth.database;
const ends = hearEnds(auth);

const reset = (token: string, password = otherPassword) =>
  ask(`${auth.url}/auth/password/reset`, { method: 'POST', body: { token, password } });

t.test('a reset sets the password, ends all sessions for cause and begins none', async (t) => {
  const { browser, email, tokens } = await register(auth);
  const token = await askForReset(auth, email);
  const answer = await reset(token);
  t.match(answer, { status: 204, setCookies: [] });
  t.equal((await browser.post('/auth/refresh')).status, 401);
  const sid = (
    JSON.parse(Buffer.from(tokens.accessToken.split('.')[1] ?? '', 'base64url').toString()) as { sid: string }
  ).sid;
  t.equal(await ends.endOf(sid), 'revoked');
  t.equal((await logIn(auth, email, goodPassword)).status, 401);
  t.equal((await logIn(auth, email, otherPassword)).status, 200);
  const mail = await waitForMail(auth, email, ({ subject }) => subject === 'Your Alva password was changed');
  t.match(mail.text, 'All your sessions were ended');
  const events = await sql<{ event: string }[]>`select event from auth.audit_events where user_id = ${tokens.user.id}`;
  const seen = events.map(({ event }) => event);
  for (const event of ['password-reset-asked', 'password-reset', 'session-revoked']) t.ok(seen.includes(event), event);
});

t.test('1: a reset link works once, also under 100 parallel tries, and kills its siblings', async (t) => {
  const { email, tokens } = await register(auth);
  const sibling = await askForReset(auth, email);
  await sql`update auth.inbox_mails set "to" = 'elsewhere@example.com' where "to" = ${email}`;
  const token = await askForReset(auth, email);
  const answers = await Promise.all(Array.from({ length: 100 }, () => reset(token)));
  t.equal(answers.filter(({ status }) => status === 204).length, 1);
  t.strictSame([...new Set(answers.filter(({ status }) => status !== 204).map(codeOf))], ['link-used']);
  t.equal(codeOf(await reset(sibling)), 'link-used');
  t.match(
    await sql`select count(*)::int from auth.audit_events where event = 'password-reset' and user_id = ${tokens.user.id}`,
    [{ count: 1 }],
  );
});

t.test('two reset links at once: one sets the password, the other is told that it is late', async (t) => {
  for (let round = 0; round < 6; round++) {
    const { email } = await register(auth);
    const first = await askForReset(auth, email);
    await sql`update auth.inbox_mails set "to" = 'elsewhere@example.com' where "to" = ${email}`;
    const second = await askForReset(auth, email);
    const answers = await Promise.all([reset(first), reset(second)]);
    t.strictSame(answers.map(({ status }) => status).sort(), [204, 401]);
    t.strictSame(answers.filter(({ status }) => status === 401).map(codeOf), ['link-used']);
  }
});

t.test('3: a reset link expires after an hour, when it is spent', async (t) => {
  const { email } = await register(auth);
  const token = await askForReset(auth, email);
  await letTimePass(auth.database, '59 minutes');
  t.match(await reset(token, 'password1234'), { status: 422, json: { errors: [{ pointer: '#/password' }] } });
  await letTimePass(auth.database, '1 minute');
  t.equal(codeOf(await reset(token)), 'link-expired');
  t.equal((await logIn(auth, email, goodPassword)).status, 200);
});

t.test('2: a token of one purpose is refused for every other', async (t) => {
  const { email, tokens } = await register(auth);
  const token = await askForReset(auth, email);
  const browser = openBrowser(auth.url);
  t.equal(codeOf(await browser.post('/auth/verify-email', { token, confirm: 'here' })), 'link-invalid');
  t.equal(codeOf(await browser.post('/auth/verify-magic-link', { token, confirm: 'here' })), 'link-invalid');
  const signIn = await askForLink(auth, browser, email);
  t.equal(codeOf(await reset(signIn.token)), 'link-invalid');
  t.equal(codeOf(await browser.post('/auth/verify-email', { token: signIn.token, confirm: 'here' })), 'link-invalid');
  await sql`update auth.users set email_verified_at = null where id = ${tokens.user.id}`;
  await logIn(auth, email, goodPassword, browser);
  const mail = await waitForMail(auth, email, ({ subject }) => subject === 'Confirm your address for Alva');
  const confirmation = new URL(mail.link ?? '').hash.replace('#token=', '');
  t.equal(codeOf(await reset(confirmation)), 'link-invalid');
  t.equal(codeOf(await browser.post('/auth/verify-magic-link', { token: confirmation })), 'link-invalid');
  t.equal((await browser.post('/auth/verify-email', { token: confirmation })).status, 200, 'it was good all along');
});

t.test('10: a sign-in link that was asked for before the password changed is dead', async (t) => {
  const { email } = await register(auth);
  const browser = openBrowser(auth.url);
  const before = await askForLink(auth, browser, email);
  t.equal((await reset(await askForReset(auth, email))).status, 204);
  t.equal(codeOf(await browser.post('/auth/verify-magic-link', { token: before.token })), 'link-invalid');
  const after = await askForLink(auth, browser, email);
  t.equal((await browser.post('/auth/verify-magic-link', { token: after.token })).status, 200);
});

t.test('10: of links redeemed while the password is reset, none leaves a session behind', async (t) => {
  for (let round = 0; round < 20; round++) {
    const { email, tokens } = await register(auth, { email: newAddress() });
    const token = await askForReset(auth, email);
    const browser = openBrowser(auth.url);
    const link = await askForLink(auth, browser, email);
    const [done] = await Promise.all([
      reset(token),
      browser.post('/auth/verify-magic-link', { token: link.token }),
      logIn(auth, email, goodPassword),
    ]);
    t.equal(done.status, 204, done.text);
    const open = await sql`select from auth.sessions where user_id = ${tokens.user.id} and ended_at is null`;
    t.equal(open.length, 0);
  }
});

t.test('25: a reset does not get around the second factor', async (t) => {
  const { email, tokens } = await register(auth);
  await sql`insert into auth.totp_secrets (user_id, secret_sealed, confirmed_at) values (${tokens.user.id}, 'x', now())`;
  t.equal((await reset(await askForReset(auth, email))).status, 204);
  t.equal(codeOf(await logIn(auth, email, otherPassword)), 'second-factor-required');
});

t.test('10, 25: a sign-in that was half done when the password changed is not finished', async (t) => {
  const person = await register(auth);
  const send = senderOf(auth, person);
  const app = openApp(expectOk<TotpSetup>(await send('POST', '/auth/mfa/totp')));
  expectOk(await send('POST', '/auth/mfa/totp/confirm', { code: app.code(-1) }));
  for (const act of ['reset', 'sign-out everywhere', 'end all others']) {
    const thief = openBrowser(auth.url);
    const password = act === 'reset' ? goodPassword : otherPassword;
    t.equal(codeOf(await logIn(auth, person.email, password, thief)), 'second-factor-required');
    if (act === 'reset') t.equal((await reset(await askForReset(auth, person.email))).status, 204);
    else {
      const owner = openBrowser(auth.url);
      await logIn(auth, person.email, otherPassword, owner);
      await sql`update auth.totp_secrets set last_step = null where user_id = ${person.tokens.user.id}`;
      const { accessToken } = expectOk<TokenAnswer>(await owner.post('/auth/mfa/verify', { code: app.code() }));
      if (act === 'sign-out everywhere') t.equal((await owner.post('/auth/logout-all')).status, 204);
      else
        await ask(`${auth.url}/auth/sessions`, {
          method: 'DELETE',
          headers: { authorization: `Bearer ${accessToken}` },
        });
    }
    t.equal(codeOf(await thief.post('/auth/mfa/verify', { code: app.code(1) })), 'challenge-unknown', act);
  }
});

t.test('12: nobody is kept out for good: not by wrong passwords, nor by mails that others ask for', async (t) => {
  const strict = await startAuth(t, {
    database: auth.database,
    env: { PASSWORD_LIMIT_PER_ACCOUNT: '10/15m', LINK_LIMIT_PER_RECIPIENT: '5/10m' },
  });
  const { email } = await register(strict);
  const send = (path: string) => openBrowser(strict.url).post(path, { email });
  for (let n = 0; n < 10; n++) t.equal((await logIn(strict, email, 'not this one, surely')).status, 401);
  t.equal((await logIn(strict, email, goodPassword)).status, 429);
  const token = await askForReset(strict, email);
  for (let n = 0; n < 4; n++) t.equal((await send('/auth/password/forgot')).status, 202);
  t.equal((await send('/auth/password/forgot')).status, 429);
  t.equal((await send('/auth/send-magic-link')).status, 202);
  t.equal((await reset(token)).status, 204);
  t.equal((await logIn(strict, email, otherPassword)).status, 200);
});

t.test('who has no password yet gets one by a mailed link', async (t) => {
  const { email } = await signIn(auth);
  t.equal((await reset(await askForReset(auth, email))).status, 204);
  t.equal((await logIn(auth, email, otherPassword)).status, 200);
});

t.test('a disabled account stays as it was, and so does the link', async (t) => {
  const { email, tokens } = await register(auth);
  await sql`update auth.users set disabled_at = now() where id = ${tokens.user.id}`;
  const token = await askForReset(auth, email);
  t.equal(codeOf(await reset(token)), 'account-disabled');
  await sql`update auth.users set disabled_at = null where id = ${tokens.user.id}`;
  t.equal((await logIn(auth, email, goodPassword)).status, 200);
  t.equal((await reset(token)).status, 204);
});

t.test('8: known, unknown and disabled addresses get the same bytes, and a mail each', async (t) => {
  const [known, disabled] = [await register(auth), await register(auth)];
  await sql`update auth.users set disabled_at = now() where id = ${disabled.tokens.user.id}`;
  const unknown = newAddress();
  const shapes = [];
  for (const email of [known.email, unknown, disabled.email]) {
    const { status, headers, text, setCookies } = await ask(`${auth.url}/auth/password/forgot`, {
      method: 'POST',
      body: { email },
    });
    const { date: _, 'x-request-id': __, 'ratelimit-remaining': ___, 'ratelimit-reset': ____, ...same } = headers;
    shapes.push({ status, same, text, setCookies });
  }
  t.match(shapes[0], { status: 202, text: '{"expiresIn":3600}' });
  t.strictSame(shapes[1], shapes[0]);
  t.strictSame(shapes[2], shapes[0]);
  const mail = await waitForMail(auth, unknown, () => true);
  t.match(mail, { subject: 'There is no Alva account with this address', link: /\/sign-in$/ });
  t.equal((await readInbox(auth, unknown)).length, 1);
});

t.test('8: known and unknown addresses take the same time', async (t) => {
  const { email: known } = await register(auth);
  const times: [number[], number[]] = [[], []];
  for (let sample = 0; sample < 500; sample++)
    for (const [kind, email] of [known, newAddress()].entries()) {
      const started = performance.now();
      await ask(`${auth.url}/auth/password/forgot`, { method: 'POST', body: { email } });
      times[kind]?.push(performance.now() - started);
    }
  const medians = times.map((list) => list.toSorted((a, b) => a - b)[250] ?? NaN);
  t.comment(medians.map((median) => median.toFixed(2)));
  t.ok(Math.max(...medians) - Math.min(...medians) < 5, 'medians less than 5 ms apart');
});
