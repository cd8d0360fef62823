import t from 'tap';
import { type TokenAnswer } from '@alva/validation';
import { decodeJwt } from 'jose';
import { startAuth } from '../support/auth.ts';
import { waitForLetter } from '../support/letters.ts';
import { openBrowser } from '../support/browser.ts';
import { addPasskey, expectOk, openCareful, senderOf, showFirstFactor } from '../support/second-factor.ts';
import { goodPassword, logIn, otherPassword, register } from '../support/passwords.ts';
import { codeOf } from '../support/sessions.ts';
import { signIn, waitForMail, type SignedIn } from '../support/sign-in.ts';

const auth = await startAuth(t, { env: { LINK_LIMIT_PER_RECIPIENT: '5/10m', PASSWORD_LIMIT_PER_ACCOUNT: '10/15m' } });
const { sql } = auth.database;
/** What wants a recent sign-in. */
const guarded = ['POST', '/auth/passkeys/registration-options'] as const;

t.test('who signed in long ago shows once more who they are, and may; the session stays what it was', async (t) => {
  const person = await signInLongAgo();
  const send = senderOf(auth, person);
  t.match(await send(...guarded), { status: 403, json: { code: 'step-up-required', maxAge: 600 } });
  t.strictSame((await send('GET', '/auth/step-up')).json, { ways: ['mailedCode'] });
  t.match(await send('POST', '/auth/step-up/mail'), { status: 202, json: { expiresIn: 600, resendAfter: 30 } });
  const refreshToken = person.browser.cookies.get('refresh_token');
  const answer = await send('POST', '/auth/step-up', { mailedCode: await mailedCode(person.email) });
  t.match(answer, { status: 200, json: { user: { email: person.email } } });
  t.equal(person.browser.cookies.get('refresh_token'), refreshToken);
  const tokens = answer.json as TokenAnswer;
  const [before, after] = [decodeJwt(person.tokens.accessToken), decodeJwt(tokens.accessToken)];
  t.equal(after['sid'], before['sid']);
  t.ok(Number(after['auth_time']) - Number(before['auth_time']) > 600);
  t.equal((await senderOf(auth, { ...person, tokens })(...guarded)).status, 200);
  t.equal((await send(...guarded)).status, 403, 'the token before says what it said');
  const renewed = expectOk<TokenAnswer>(await person.browser.post('/auth/refresh'));
  t.equal(decodeJwt(renewed.accessToken)['auth_time'], after['auth_time']);
  t.match(await trailOf(person), [{ event: 'step-up-code-sent' }, { event: 'stepped-up', way: 'mailedCode' }]);
});

t.test('1: of 100 tries at once with one mailed code, one is answered', async (t) => {
  const person = await signInLongAgo();
  const send = senderOf(auth, person);
  await send('POST', '/auth/step-up/mail');
  const code = await mailedCode(person.email);
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => send('POST', '/auth/step-up', { mailedCode: code })),
  );
  t.equal(answers.filter(({ status }) => status === 200).length, 1);
});

t.test('a mailed code is good in the session that asked, five tries long, and the newest only', async (t) => {
  const person = await signInLongAgo();
  const other = await signIn(auth, person.email);
  const send = senderOf(auth, person);
  await send('POST', '/auth/step-up/mail');
  const first = await mailedCode(person.email);
  t.equal(codeOf(await senderOf(auth, other)('POST', '/auth/step-up', { mailedCode: first })), 'step-up-failed');
  await send('POST', '/auth/step-up/mail');
  const second = await mailedCode(person.email, first);
  for (let count = 0; count < 5; count++)
    t.equal(codeOf(await send('POST', '/auth/step-up', { mailedCode: first })), 'step-up-failed');
  t.equal(codeOf(await send('POST', '/auth/step-up', { mailedCode: second })), 'step-up-failed', 'no try is left');
  for (let count = 0; count < 3; count++) t.equal((await send('POST', '/auth/step-up/mail')).status, 202);
  t.match(await send('POST', '/auth/step-up/mail'), { status: 429, headers: { 'retry-after': /^\d+$/ } });
});

t.test('2: a code to sign in by is none to step up with, nor the other way round', async (t) => {
  const person = await signInLongAgo();
  const send = senderOf(auth, person);
  await send('POST', '/auth/step-up/mail');
  const code = await mailedCode(person.email);
  const browser = openBrowser(auth.url);
  const { attemptId } = (await browser.post('/auth/send-magic-link', { email: person.email })).json as Record<
    string,
    string
  >;
  t.equal(codeOf(await browser.post('/auth/verify-magic-link', { attemptId, code })), 'code-invalid');
  const mail = await waitForMail(auth, person.email, ({ id }) => id === attemptId);
  t.equal(codeOf(await send('POST', '/auth/step-up', { mailedCode: mail.code })), 'step-up-failed');
});

t.test('25: where a second factor is on, it is what has to be shown', async (t) => {
  const person = await openCareful(auth);
  const { send, app, recoveryCodes } = person;
  t.strictSame((await send('GET', '/auth/step-up')).json, { ways: ['code', 'recoveryCode'] });
  t.equal(codeOf(await send('POST', '/auth/step-up/mail')), 'forbidden');
  t.equal(codeOf(await send('POST', '/auth/step-up', { mailedCode: 'ABCDEF' })), 'step-up-failed');
  t.equal((await send('POST', '/auth/step-up', { code: app.code(-1) })).status, 403, 'used to set it up');
  const code = app.code();
  const answers = await Promise.all(Array.from({ length: 20 }, () => send('POST', '/auth/step-up', { code })));
  t.equal(answers.filter(({ status }) => status === 200).length, 1, 'a code is good once');
  t.equal((await send('POST', '/auth/step-up', { recoveryCode: recoveryCodes[0] })).status, 200);
  t.equal((await send('POST', '/auth/step-up', { recoveryCode: recoveryCodes[0] })).status, 403);
  t.match(await send('GET', '/auth/mfa'), { json: { recoveryCodesLeft: 9 } });
  t.equal(codeOf(await send('POST', '/auth/step-up', { code: '000000' })), 'rate-limited', 'also who is signed in');
  const browser = await showFirstFactor(auth, person.email);
  t.equal(codeOf(await browser.post('/auth/mfa/verify', { code })), 'code-invalid', 'spent for both, counted for each');
});

t.test('12: guessing in a session is counted by it, and its owner is told', async (t) => {
  const env = { SECOND_FACTOR_LONG_LIMIT: '3/1d' };
  const strict = await startAuth(t, { database: auth.database, env });
  const { send, app, email } = await openCareful(strict);
  for (let count = 0; count < 3; count++)
    t.equal(codeOf(await send('POST', '/auth/step-up', { code: '000000' })), 'step-up-failed');
  t.equal(codeOf(await send('POST', '/auth/step-up', { code: app.code() })), 'rate-limited');
  t.match(await waitForLetter(strict, email, /guesses codes/), { text: /in a session of yours/ });
  const browser = await showFirstFactor(strict, email);
  t.equal((await browser.post('/auth/mfa/verify', { code: app.code() })).status, 200, 'signing in goes on');
});

t.test('12: who guesses a password at the sign-in page does not shut its owner’s step-up', async (t) => {
  const person = await register(auth);
  for (let count = 0; count < 10; count++) await logIn(auth, person.email, otherPassword);
  t.equal(codeOf(await logIn(auth, person.email, goodPassword)), 'rate-limited');
  t.equal((await senderOf(auth, person)('POST', '/auth/step-up', { password: goodPassword })).status, 200);
});

t.test('a code that was mailed before the second factor came is not enough any more', async (t) => {
  const person = await signIn(auth);
  const send = senderOf(auth, person);
  await send('POST', '/auth/step-up/mail');
  const code = await mailedCode(person.email);
  const { secret } = expectOk<{ secret: string }>(await send('POST', '/auth/mfa/totp'));
  await sql`update auth.totp_secrets set confirmed_at = now() where user_id = ${person.tokens.user.id}`;
  t.ok(secret);
  t.equal(codeOf(await send('POST', '/auth/step-up', { mailedCode: code })), 'step-up-failed');
});

t.test('a passkey steps up, its own person’s only, and its signature once', async (t) => {
  const person = await openCareful(auth);
  const other = await signIn(auth);
  const { authenticator } = await addPasskey(auth, person);
  const theirs = await addPasskey(auth, other);
  const { send } = person;
  t.strictSame((await send('GET', '/auth/step-up')).json, { ways: ['passkey', 'code', 'recoveryCode'] });
  const asked = expectOk<{ challenge: string; allowCredentials: { id: string }[] }>(
    await send('POST', '/auth/step-up/passkey-options'),
  );
  t.match(asked.allowCredentials, [{ id: authenticator.id }]);
  const foreign = theirs.authenticator.get(asked);
  t.equal(codeOf(await send('POST', '/auth/step-up', { passkey: foreign })), 'step-up-failed');
  t.equal(
    codeOf(await send('POST', '/auth/step-up', { passkey: authenticator.get(asked, { isVerified: false }) })),
    'step-up-failed',
  );
  const passkey = authenticator.get(asked);
  const answers = await Promise.all(Array.from({ length: 20 }, () => send('POST', '/auth/step-up', { passkey })));
  t.equal(answers.filter(({ status }) => status === 200).length, 1);
  const signInChallenge = expectOk<{ challenge: string }>(await person.browser.post('/auth/passkeys/sign-in-options'));
  const wrongPurpose = authenticator.get(signInChallenge);
  t.equal(codeOf(await send('POST', '/auth/step-up', { passkey: wrongPurpose })), 'step-up-failed');
});

t.test('a password steps up, counted by its session, and not where a second factor is on', async (t) => {
  const person = await register(auth);
  const send = senderOf(auth, person);
  t.strictSame((await send('GET', '/auth/step-up')).json, { ways: ['password', 'mailedCode'] });
  t.equal(codeOf(await send('POST', '/auth/step-up', { password: otherPassword })), 'step-up-failed');
  t.equal((await send('POST', '/auth/step-up', { password: goodPassword })).status, 200);
  const counted = await auth.metrics.registry.metrics();
  for (const outcome of ['refused', 'succeeded'])
    t.match(counted, new RegExp(`^auth_step_ups_total\\{way="password",outcome="${outcome}".*\\} [1-9]\\d*$`, 'm'));
  await sql`insert into auth.totp_secrets (user_id, secret_sealed, confirmed_at) values (${person.tokens.user.id}, 'x', now())`;
  t.equal(codeOf(await send('POST', '/auth/step-up', { password: goodPassword })), 'step-up-failed');
  for (let count = 0; count < 12; count++) await send('POST', '/auth/step-up', { password: otherPassword });
  t.equal(codeOf(await send('POST', '/auth/step-up', { password: goodPassword })), 'rate-limited');
});

t.test('20: an ended session steps up no more', async (t) => {
  const person = await signInLongAgo();
  const send = senderOf(auth, person);
  await send('POST', '/auth/step-up/mail');
  const code = await mailedCode(person.email);
  await person.browser.post('/auth/logout');
  t.equal(codeOf(await send('POST', '/auth/step-up', { mailedCode: code })), 'invalid-token');
});

async function signInLongAgo(): Promise<SignedIn> {
  const person = await signIn(auth);
  const { id } = person.tokens.user;
  await sql`update auth.sessions set authenticated_at = now() - interval '11 minutes' where user_id = ${id}`;
  return { ...person, tokens: expectOk<TokenAnswer>(await person.browser.post('/auth/refresh')) };
}

async function mailedCode(email: string, besides?: string): Promise<string> {
  const { code } = await waitForMail(
    auth,
    email,
    ({ subject, code }) => subject.includes('Confirm that it is you') && code !== besides,
  );
  return code ?? '';
}

function trailOf({ tokens }: SignedIn) {
  return sql`select event, detail->>'way' as way from auth.audit_events
    where user_id = ${tokens.user.id} and event like 'step%' order by id`;
}
