import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { ask, openBrowser } from '../support/browser.ts';
import { goodPassword, logIn, otherPassword, register, type Registered } from '../support/passwords.ts';
import { codeOf } from '../support/sessions.ts';
import { askForLink, signIn, waitForMail } from '../support/sign-in.ts';

let ahead = 0;
const auth = await startAuth(t, { now: () => Date.now() + ahead });
const { sql } = auth.database;

function asking({ tokens }: Pick<Registered, 'tokens'>) {
  const headers = { authorization: `Bearer ${tokens.accessToken}` };
  return {
    change: (body: object) => ask(`${auth.url}/auth/password`, { method: 'PUT', body, headers }),
    show: async () => (await ask(`${auth.url}/auth/password`, { headers })).json,
  };
}

t.test('a change wants the present password, ends the other sessions and is mailed', async (t) => {
  const person = await register(auth);
  const { email, browser } = person;
  const { change, show } = asking(person);
  const elsewhere = openBrowser(auth.url);
  await logIn(auth, email, goodPassword, elsewhere);
  const link = await askForLink(auth, openBrowser(auth.url), email);

  const pointer = '#/currentPassword';
  t.match(await change({ password: otherPassword }), {
    status: 422,
    json: { errors: [{ pointer, detail: 'must be given' }] },
  });
  t.match(await change({ password: otherPassword, currentPassword: 'not this one' }), {
    status: 422,
    json: { errors: [{ pointer, detail: 'is not right' }] },
  });
  t.match(await change({ password: 'password1234', currentPassword: goodPassword }), {
    status: 422,
    json: { errors: [{ pointer: '#/password' }] },
  });
  t.equal((await elsewhere.post('/auth/refresh')).status, 200, 'nothing happened so far');

  t.equal((await change({ password: otherPassword, currentPassword: goodPassword })).status, 204);
  t.equal((await browser.post('/auth/refresh')).status, 200);
  t.equal((await elsewhere.post('/auth/refresh')).status, 401);
  t.equal((await logIn(auth, email, goodPassword)).status, 401);
  t.equal((await logIn(auth, email, otherPassword)).status, 200);
  t.equal(
    codeOf(
      await ask(`${auth.url}/auth/verify-magic-link`, { method: 'POST', body: { token: link.token, confirm: 'here' } }),
    ),
    'link-invalid',
  );
  t.match(await show(), { isSet: true, changedAt: /Z$/ });
  const mail = await waitForMail(auth, email, ({ subject }) => subject === 'Your Alva password was changed');
  t.match(mail.text, 'All other sessions were ended');
});

t.test('a first password wants a recent sign-in', async (t) => {
  const person = await signIn(auth);
  const { change, show } = asking(person);
  t.match(await show(), { isSet: false, changedAt: null });
  ahead = 601_000;
  t.match(await change({ password: goodPassword }), { status: 403, json: { code: 'step-up-required' } });
  ahead = 0;
  t.equal((await change({ password: goodPassword })).status, 204);
  t.equal((await logIn(auth, person.email, goodPassword)).status, 200);
});

t.test('12: who is signed in guesses no more passwords than anybody else', async (t) => {
  const strict = await startAuth(t, { database: auth.database, env: { PASSWORD_LIMIT_PER_ACCOUNT: '3/15m' } });
  const person = await register(strict);
  const headers = { authorization: `Bearer ${person.tokens.accessToken}` };
  const statuses = [];
  for (let count = 0; count < 4; count++) {
    const body = { password: otherPassword, currentPassword: `guess ${count} and then some` };
    statuses.push((await ask(`${strict.url}/auth/password`, { method: 'PUT', body, headers })).status);
  }
  t.strictSame(statuses, [422, 422, 422, 429]);
});

t.test('the present password alone is not enough: a change wants a recent sign-in, too', async (t) => {
  const person = await register(auth);
  const { change } = asking(person);
  ahead = 601_000;
  const body = { password: otherPassword, currentPassword: goodPassword };
  t.match(await change(body), { status: 403, json: { code: 'step-up-required' } });
  ahead = 0;
  t.equal((await change(body)).status, 204);
});

t.test('12: wrong present passwords are counted by network address with those at sign-in, and recorded', async (t) => {
  const strict = await startAuth(t, { database: auth.database, env: { LOGIN_FAILURE_LIMIT: '2/5m' } });
  const person = await register(strict);
  const headers = { authorization: `Bearer ${person.tokens.accessToken}` };
  const change = (body: object) => ask(`${strict.url}/auth/password`, { method: 'PUT', body, headers });
  const guess = { password: otherPassword, currentPassword: 'a guess and then some' };
  for (let count = 0; count < 3; count++) t.equal((await change({ password: otherPassword })).status, 422, 'no guess');
  t.equal((await change(guess)).status, 422);
  t.equal((await logIn(strict, person.email, otherPassword)).status, 401);
  t.equal((await change(guess)).status, 429);
  t.match(
    await sql`select event, session_id, detail from auth.audit_events
      where user_id = ${person.tokens.user.id} and event = 'step-up-refused'`,
    [{ session_id: String, detail: { way: 'password', for: 'password-change' } }],
  );
});

t.test('of two changes at once one is made', async (t) => {
  const person = await register(auth);
  const { change } = asking(person);
  const answers = await Promise.all(
    [otherPassword, 'nine green doors 6 salt'].map((password) => change({ password, currentPassword: goodPassword })),
  );
  t.strictSame(answers.map(({ status }) => status).sort(), [204, 409]);
});

t.test('a session that was ended meanwhile changes nothing', async (t) => {
  const person = await register(auth);
  await sql`update auth.sessions set ended_at = now(), end_reason = 'revoked' where user_id = ${person.tokens.user.id}`;
  t.equal(
    codeOf(await asking(person).change({ password: otherPassword, currentPassword: goodPassword })),
    'invalid-token',
  );
});
