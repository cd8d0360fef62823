import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { openBrowser } from '../support/browser.ts';
import { goodPassword, logIn, otherPassword, register, tokenOf } from '../support/passwords.ts';
import { codeOf } from '../support/sessions.ts';
import { readInbox, waitForMail } from '../support/sign-in.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t);
const { sql } = auth.database;

/** Somebody with a password whose address nobody has proven, as an import leaves them. */
async function unproven() {
  const { email, tokens } = await register(auth);
  await sql`update auth.users set email_verified_at = null where id = ${tokens.user.id}`;
  await sql`delete from auth.sessions where user_id = ${tokens.user.id}`;
  return { email, id: tokens.user.id };
}

async function tryToSignIn(email: string) {
  const browser = openBrowser(auth.url);
  const answer = await logIn(auth, email, goodPassword, browser);
  const mail = await waitForMail(auth, email, ({ subject }) => subject === 'Confirm your address for Alva');
  return { browser, answer, token: tokenOf(mail) };
}

t.test('a right password of an address nobody confirmed opens nothing and mails a link', async (t) => {
  const { email, id } = await unproven();
  const { browser, answer } = await tryToSignIn(email);
  t.match(answer, { status: 403, json: { code: 'email-unverified', expiresIn: 900 } });
  t.match(answer.setCookies, [/^email_confirmation=[\w-]{43}; Max-Age=900; .*HttpOnly; SameSite=Strict$/]);
  t.notOk(browser.cookies.has('refresh_token'));
  t.equal((await sql`select from auth.sessions where user_id = ${id}`).length, 0);
});

t.test('a wrong one says nothing about that and mails nothing', async (t) => {
  const { email } = await unproven();
  const before = (await readInbox(auth, email)).length;
  t.equal(codeOf(await logIn(auth, email, otherPassword)), 'credentials-invalid');
  t.equal((await readInbox(auth, email)).length, before);
});

t.test('the link signs in where the password was shown, and from then on the password does', async (t) => {
  const { email } = await unproven();
  const { browser, token } = await tryToSignIn(email);
  const answer = await browser.post('/auth/verify-email', { token });
  t.match(answer, { status: 200, json: { user: { emailVerified: true } } });
  t.match(answer.setCookies, [/^refresh_token=/, /^email_confirmation=;/]);
  t.equal((await logIn(auth, email, goodPassword)).status, 200);
  t.equal(codeOf(await browser.post('/auth/verify-email', { token })), 'link-used');
});

t.test('10: opened in another browser it asks first, and then the password is gone', async (t) => {
  const { email, id } = await unproven();
  const { token } = await tryToSignIn(email);
  const owner = openBrowser(auth.url);
  t.match(await owner.post('/auth/verify-email', { token }), { status: 409, json: { code: 'different-browser' } });
  t.equal((await owner.post('/auth/verify-email', { token, confirm: 'here' })).status, 200);
  t.equal((await logIn(auth, email, goodPassword)).status, 401);
  t.equal((await sql`select from auth.passwords where user_id = ${id}`).length, 0);
});

t.test('1, 3: it works once under 100 parallel tries, for a quarter of an hour', async (t) => {
  const { email } = await unproven();
  const { browser, token } = await tryToSignIn(email);
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => browser.copy().post('/auth/verify-email', { token })),
  );
  t.equal(answers.filter(({ status }) => status === 200).length, 1);
  const late = await unproven();
  const second = await tryToSignIn(late.email);
  await letTimePass(auth.database, '15 minutes');
  t.equal(codeOf(await second.browser.post('/auth/verify-email', { token: second.token })), 'link-expired');
});

t.test('10: it dies when the account moves to another address', async (t) => {
  const { email, id } = await unproven();
  const { browser, token } = await tryToSignIn(email);
  await sql`update auth.users set email = ${`moved-${email}`} where id = ${id}`;
  t.equal(codeOf(await browser.post('/auth/verify-email', { token })), 'link-invalid');
});
