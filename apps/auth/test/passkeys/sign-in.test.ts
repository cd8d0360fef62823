import t from 'tap';
import { newAddress, startAuth } from '../support/auth.ts';
import { openBrowser } from '../support/browser.ts';
import { createAuthenticator } from '../support/authenticator.ts';
import { addPasskey, expectOk, openCareful, showFirstFactor, signInWithPasskey } from '../support/second-factor.ts';
import { codeOf } from '../support/sessions.ts';
import { signIn } from '../support/sign-in.ts';

const auth = await startAuth(t);
const { sql } = auth.database;
const options = '/auth/passkeys/sign-in-options';
const path = '/auth/passkeys/sign-in';

t.test('a passkey signs in without a word about who one is', async (t) => {
  const { authenticator, ...person } = await withPasskey();
  const browser = openBrowser(auth.url);
  const asked = await browser.post(options);
  t.match(asked, { status: 200, json: { rpId: 'localhost', userVerification: 'required' } });
  t.notMatch(asked.json, { allowCredentials: [{}] });
  t.match(asked.setCookies, [/^passkey_challenge=[\w-]+; Max-Age=300; Path=\/auth; HttpOnly; SameSite=Strict$/]);
  const credential = authenticator.get(asked.json as { challenge: string });
  const answer = await browser.post(path, { credential });
  t.match(answer, { status: 200, json: { user: { email: person.email }, redirectTo: null } });
  t.equal(browser.cookies.has('passkey_challenge'), false);
  t.match(await sql`select amr from auth.sessions where user_id = ${person.id} order by id desc limit 1`, [
    { amr: ['pop', 'user', 'mfa'] },
  ]);
  t.match(await sql`select last_used_at is not null as used from auth.passkeys where user_id = ${person.id}`, [
    { used: true },
  ]);
});

t.test('1: of 100 tries at once with one signature, one makes a session', async (t) => {
  const { authenticator } = await withPasskey();
  const browser = openBrowser(auth.url);
  const { challenge } = expectOk<{ challenge: string }>(await browser.post(options));
  const credential = authenticator.get({ challenge });
  const tries = Array.from({ length: 100 }, () => browser.copy().post(path, { credential }));
  const answers = await Promise.all(tries);
  t.equal(answers.filter(({ status }) => status === 200).length, 1);
  t.equal(answers.filter((answer) => codeOf(answer) === 'challenge-unknown').length, 99);
});

t.test('25: a passkey finishes the sign-in of somebody who owes a second factor', async (t) => {
  const person = await openCareful(auth);
  const { authenticator } = await addPasskey(auth, person);
  const browser = await showFirstFactor(auth, person.email);
  t.equal((await signInWithPasskey(browser, authenticator)).status, 200);
  t.equal(browser.cookies.has('second_factor'), false);
});

t.test('a challenge is for its browser, its purpose, its pages and five minutes', async (t) => {
  let time = Date.now();
  const late = await startAuth(t, { database: auth.database, now: () => time });
  const { authenticator, ...person } = await withPasskey();
  const browser = openBrowser(late.url);
  const { challenge } = expectOk<{ challenge: string }>(await browser.post(options));
  const credential = authenticator.get({ challenge });
  t.equal(codeOf(await openBrowser(late.url).post(path, { credential })), 'challenge-unknown');
  const foreign = { origin: 'https://evil.example' };
  t.equal(codeOf(await browser.copy().post(path, { credential }, foreign)), 'origin-not-allowed');
  time += 300_000;
  t.equal(codeOf(await browser.copy().post(path, { credential })), 'challenge-unknown', 'too late');
  time -= 1000;
  t.equal((await browser.copy().post(path, { credential })).status, 200);
  const planted = openBrowser(late.url, [...browser.cookies, ['x; passkey_challenge', 'other']]);
  t.equal(codeOf(await planted.post(path, { credential })), 'challenge-unknown', 'of two cookies one was planted');
  // A challenge to add a passkey is none to sign in by.
  const { browser: signedIn } = person;
  t.equal(codeOf(await signedIn.post(path, { credential })), 'challenge-unknown');
});

/** It is written after the answer. */
async function lineOf(requestId: unknown): Promise<unknown> {
  for (;;) {
    const lines = auth.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
    const line = lines.find((each) => each['requestId'] === requestId && each['status'] !== undefined);
    if (line) return line;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

t.test('what is not right is refused alike, whoever exists, and opens nothing', async (t) => {
  const { authenticator, id } = await withPasskey();
  const other = await withPasskey();
  const before = await countSessions(id);
  const stranger = createAuthenticator();
  stranger.create({ challenge: 'x', user: { id: 'x' } });
  const refusals = [
    ['user-verification', authenticator, { isVerified: false }],
    ['origin', authenticator, { origin: 'https://evil.example' }],
    ['domain', authenticator, { rpId: 'evil.example' }],
    ['type', authenticator, { type: 'webauthn.create' }],
    ['unknown', stranger, {}],
  ] as const;
  for (const [reason, device, ceremony] of refusals) {
    const answer = await signInWithPasskey(openBrowser(auth.url), device, ceremony);
    t.match(answer, { status: 401, json: { code: 'passkey-invalid', detail: undefined } }, reason);
    const line = await lineOf(answer.headers['x-request-id']);
    t.match(line, { level: 'info', problem: 'passkey-invalid', reason }, 'the log says what was wrong');
  }

  const browser = openBrowser(auth.url);
  const { challenge } = expectOk<{ challenge: string }>(await browser.post(options));
  const mine = authenticator.get({ challenge });
  const theirs = other.authenticator.get({ challenge });
  const mixtures = [
    { ...mine, response: { ...mine.response, signature: theirs.response.signature } },
    { ...mine, response: { ...mine.response, userHandle: theirs.response.userHandle } },
    { ...mine, response: { ...mine.response, userHandle: null } },
    { ...theirs, response: mine.response },
  ];
  const reasons = ['signature', 'user-handle', 'user-handle', 'user-handle'];
  for (const [index, credential] of mixtures.entries()) {
    const answer = await browser.copy().post(path, { credential });
    t.equal(codeOf(answer), 'passkey-invalid');
    t.match(await lineOf(answer.headers['x-request-id']), { reason: reasons[index] });
  }
  t.equal(await countSessions(id), before);
  t.equal((await browser.post(path, { credential: mine })).status, 200, 'none of them spent the challenge');
  const trail = await sql`select detail from auth.audit_events where user_id = ${id} and event = 'sign-in-refused'`;
  t.match(trail[0], { detail: { way: 'passkey', reason: 'passkey-invalid' } });
});

t.test('a count that goes back shows a copy: refused and recorded; synced passkeys do not count', async (t) => {
  const { authenticator, id } = await withPasskey({ signCount: 5 });
  const enter = (signCount: number) => signInWithPasskey(openBrowser(auth.url), authenticator, { signCount });
  t.equal((await enter(6)).status, 200);
  t.equal(codeOf(await enter(6)), 'passkey-invalid');
  t.equal(codeOf(await enter(0)), 'passkey-invalid');
  t.equal((await enter(7)).status, 200);
  t.match(
    await sql`select detail->>'reason' as reason from auth.audit_events where user_id = ${id} and event = 'sign-in-refused'`,
    [{ reason: 'sign-count' }, { reason: 'sign-count' }],
  );
  const synced = await withPasskey();
  for (let count = 0; count < 3; count++)
    t.equal((await signInWithPasskey(openBrowser(auth.url), synced.authenticator)).status, 200);
});

t.test('21: a disabled person is told so, and gets nowhere', async (t) => {
  const { authenticator, id } = await withPasskey();
  await sql`update auth.users set disabled_at = now() where id = ${id}`;
  t.equal(codeOf(await signInWithPasskey(openBrowser(auth.url), authenticator)), 'account-disabled');
});

async function withPasskey(ceremony = {}) {
  const person = await signIn(auth, newAddress());
  const { authenticator } = await addPasskey(auth, person, ceremony);
  return { ...person, id: person.tokens.user.id, authenticator };
}

async function countSessions(userId: string): Promise<number | undefined> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int from auth.sessions where user_id = ${userId}`;
  return row?.count;
}
