import { type AskingBrowser, type SignInAttempt } from '@alva/validation';
import t from 'tap';
import { hashSecret } from '../../src/secrets/secret.ts';
import { credentialsChanged } from '../../src/sql-fragments.ts';
import { newAddress, startAuth } from '../support/auth.ts';
import { ask, openBrowser, type Answer, type Browser } from '../support/browser.ts';
import { codeOf } from '../support/sessions.ts';
import { askForLink, signIn, waitForMail } from '../support/sign-in.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t, { env: { TRUST_PROXY: '1', CODE_LIMIT_PER_RECIPIENT: '4/1h' } });
const { sql } = auth.database;
const verify = '/auth/verify-magic-link';

function outcome(answer: Answer) {
  return { status: answer.status, code: codeOf(answer) };
}

const pathOf = (attemptId: string, step = '') => `/auth/sign-in-attempts/${attemptId}${step}`;

async function look(browser: Browser, attemptId: string): Promise<SignInAttempt> {
  const { status, json, text } = await browser.get(pathOf(attemptId));
  if (status !== 200) throw new Error(`The attempt could not be seen: ${status} ${text}`);
  return json as SignInAttempt;
}

/** A browser that waits, and everything its person sees there and in the mail. */
async function startWaiting(email = newAddress(), more: object = {}) {
  const waiting = openBrowser(auth.url);
  const { attemptId, token, code } = await askForLink(auth, waiting, email, more);
  const { number } = await look(waiting, attemptId);
  const elsewhere = openBrowser(auth.url);
  return {
    ...{ email, waiting, elsewhere, attemptId, token, code, number },
    approve: (typed = number, presented = token) =>
      elsewhere.post(pathOf(attemptId, '/approve'), { token: presented, number: typed }),
    complete: (browser = waiting) => browser.post(pathOf(attemptId, '/complete')),
  };
}

const wrong = (number: string) => (number === '10' ? '11' : '10');

async function countSessions(email: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(s.id)::int as count
    from auth.users u left join auth.sessions s on s.user_id = u.id where u.email = ${email}`;
  return row?.count ?? 0;
}

t.test('the link opened elsewhere lets the waiting browser in by the number it shows, and nobody else', async (t) => {
  const { email, waiting, elsewhere, attemptId, number, approve, complete } = await startWaiting(newAddress(), {
    redirectTo: '/plans?view=all',
  });
  t.match(number, /^[1-9]\d$/);
  t.match(await look(waiting, attemptId), { state: 'pending', number, expiresIn: /^(89\d|900)$/ });

  const approved = await approve();
  t.strictSame([approved.status, approved.text, approved.setCookies], [204, '', []], 'no session where it was opened');
  t.match(await look(waiting, attemptId), { state: 'approved', number });
  t.equal(await countSessions(email), 0, 'nor in the waiting one, before it asks');

  const answer = await complete();
  t.match(answer, { status: 200, headers: { 'cache-control': 'no-store' } });
  t.match(answer.json, { tokenType: 'Bearer', redirectTo: '/plans?view=all', user: { email, emailVerified: true } });
  t.match(answer.setCookies, [/^refresh_token=[\w-]{43};/, /^sign_in_attempt=; Max-Age=0;/]);
  t.equal((await waiting.post('/auth/refresh')).status, 200);
  t.equal(elsewhere.cookies.size, 0);
  t.match(await sql`select amr from auth.sessions s join auth.users u on u.id = s.user_id where u.email = ${email}`, [
    { amr: ['email'] },
  ]);
});

t.test('1: an approval works once, also under 100 parallel tries: one session', async (t) => {
  const { email, waiting, approve, complete } = await startWaiting();
  t.equal((await approve()).status, 204);
  const answers = await Promise.all(Array.from({ length: 100 }, () => complete(waiting.copy())));
  t.equal(answers.filter(({ status }) => status === 200).length, 1);
  t.strictSame([...new Set(answers.filter(({ status }) => status !== 200).map(codeOf))], ['link-used']);
  t.equal(await countSessions(email), 1);
});

t.test('1: approved, completed, clicked and typed all at once: one session', async (t) => {
  for (let round = 0; round < 5; round++) {
    const { email, waiting, elsewhere, attemptId, token, code, approve, complete } = await startWaiting();
    const ways = [
      () => approve(),
      () => complete(waiting.copy()),
      () => elsewhere.copy().post(verify, { token, confirm: 'here' }),
      () => waiting.copy().post(verify, { attemptId, code }),
    ];
    await Promise.all(Array.from({ length: 10 }).flatMap(() => ways.map((way) => way())));
    await complete();
    t.equal(await countSessions(email), 1);
  }
});

t.test('4: the waiting browser never gets in without the number, whoever opens the link', async (t) => {
  const { email, waiting, elsewhere, attemptId, token, number, approve, complete } = await startWaiting();
  t.strictSame(outcome(await complete()), { status: 409, code: 'attempt-pending' });
  t.strictSame(outcome(await elsewhere.post(verify, { token })), { status: 409, code: 'different-browser' });
  t.strictSame(outcome(await approve(wrong(number))), { status: 401, code: 'number-invalid' });
  for (const body of [
    { token },
    { token, number: '' },
    { token, number: Number(number) },
    { token, number: `${number}0` },
  ])
    t.equal((await elsewhere.post(pathOf(attemptId, '/approve'), body)).status, 422);
  t.match(await look(waiting, attemptId), { state: 'pending' });
  t.strictSame(outcome(await complete()), { status: 409, code: 'attempt-pending' });

  t.equal((await elsewhere.post(verify, { token, confirm: 'here' })).status, 200, 'signing in there is another matter');
  t.match(await look(waiting, attemptId), { state: 'expired', expiresIn: 0 });
  t.strictSame(outcome(await complete()), { status: 401, code: 'link-used' });
  t.equal(await countSessions(email), 1);
});

t.test('4: whoever opens the link elsewhere learns who asked, from where and when, and nothing secret', async (t) => {
  const [waiting, elsewhere, email] = [openBrowser(auth.url), openBrowser(auth.url), newAddress()];
  const from = {
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0',
    'x-forwarded-for': '8.8.8.8',
  };
  await waiting.post('/auth/send-magic-link', { email }, from);
  const [row] = await sql<{ id: string }[]>`select id from auth.sign_in_attempts where email = ${email}`;
  const attemptId = row?.id ?? '';
  const browserSecret = waiting.cookies.get('sign_in_attempt') ?? '';
  const { number } = await look(waiting, attemptId);
  const { link } = await waitForMail(auth, email, () => true);
  const token = new URL(link ?? '').hash.replace('#token=', '');

  const answer = await elsewhere.post(verify, { token }, { 'x-forwarded-for': '1.1.1.1' });
  t.match(outcome(answer), { status: 409, code: 'different-browser' });
  const { requestedAt, ...asked } = answer.json as AskingBrowser;
  t.match(asked, { attemptId, email, device: 'Firefox on Linux', country: 'US' });
  t.ok(Math.abs(Date.parse(requestedAt) - Date.now()) < 60_000);
  for (const secret of [
    token,
    browserSecret,
    hashSecret(browserSecret).toString('hex'),
    '8.8.8.8',
    'number',
    number + '"',
  ])
    t.notMatch(answer.text, secret);
  t.strictSame(answer.setCookies, []);
});

t.test('5: looking consumes nothing, whatever the method, and neither does asking who asked', async (t) => {
  const { waiting, elsewhere, attemptId, token, number, approve, complete } = await startWaiting();
  for (let count = 0; count < 5; count++) t.match(await look(waiting, attemptId), { state: 'pending', number });
  for (const step of ['', '/approve', '/complete'])
    for (const method of ['HEAD', 'GET', 'OPTIONS', 'PUT', 'DELETE'])
      await ask(`${auth.url}${pathOf(attemptId, step)}?token=${token}&number=${number}`, { method });
  for (let count = 0; count < 3; count++) t.equal((await elsewhere.post(verify, { token })).status, 409);
  t.match(await look(waiting, attemptId), { state: 'pending' });
  t.equal((await approve()).status, 204);
  for (let count = 0; count < 5; count++) t.match(await look(waiting, attemptId), { state: 'approved' });
  t.equal((await complete()).status, 200);
});

t.test('9: approving says whether the link was used, superseded, expired or never there', async (t) => {
  const used = await startWaiting();
  await used.waiting.post(verify, { token: used.token });
  t.strictSame(outcome(await used.approve()), { status: 401, code: 'link-used' });

  const older = await startWaiting();
  const newer = await startWaiting(older.email);
  t.strictSame(outcome(await older.approve()), { status: 401, code: 'link-superseded' });
  t.match(await look(older.waiting, older.attemptId), { state: 'expired' });
  t.strictSame(outcome(await older.complete()), { status: 401, code: 'link-superseded' });
  t.strictSame(outcome(await newer.approve(newer.number, older.token)), { status: 401, code: 'link-invalid' });
  t.strictSame(outcome(await newer.approve(newer.number, 'A'.repeat(43))), { status: 401, code: 'link-invalid' });
  t.equal((await newer.approve()).status, 204);

  const late = await startWaiting();
  await letTimePass(auth.database, '15 minutes');
  t.strictSame(outcome(await late.approve()), { status: 401, code: 'link-expired' });
  t.match(await look(late.waiting, late.attemptId), { state: 'expired', expiresIn: 0 });
  t.strictSame(outcome(await late.complete()), { status: 401, code: 'link-expired' });
  t.strictSame(
    outcome(await newer.complete()),
    { status: 401, code: 'link-expired' },
    'an approval ends with its link',
  );
});

t.test('9: a click after the approval says that the link is used, and ends no session', async (t) => {
  const { waiting, elsewhere, attemptId, token, code, number, approve, complete } = await startWaiting();
  await approve();
  t.equal((await approve()).status, 204, 'the same again, as when the answer got lost');
  t.strictSame(outcome(await approve(wrong(number))), { status: 401, code: 'link-used' });
  t.strictSame(outcome(await elsewhere.post(verify, { token, confirm: 'here' })), { status: 401, code: 'link-used' });
  t.strictSame(outcome(await waiting.post(verify, { token })), { status: 401, code: 'link-used' });
  t.strictSame(outcome(await waiting.post(verify, { attemptId, code })), { status: 401, code: 'link-used' });
  const browser = waiting.copy();
  t.equal((await complete(browser)).status, 200);
  const again = await complete(waiting);
  t.strictSame([again.status, codeOf(again), again.setCookies], [401, 'link-used', []]);
  t.equal((await browser.post('/auth/refresh')).status, 200);
});

t.test('a mail that somebody else asks for does not undo an approval', async (t) => {
  const { email, approve, complete } = await startWaiting();
  await approve();
  await askForLink(auth, openBrowser(auth.url), email);
  t.equal((await complete()).status, 200);
});

t.test('10: changing the e-mail or password kills a sign-in that waits, approved or not', async (t) => {
  const { email, tokens } = await signIn(auth);
  for (const isApproved of [false, true]) {
    const { waiting, attemptId, approve, complete } = await startWaiting(email);
    if (isApproved) await approve();
    await sql.unsafe(`update auth.users set ${credentialsChanged} where id = $1`, [tokens.user.id]);
    t.match(await look(waiting, attemptId), { state: 'expired' });
    t.strictSame(outcome(await approve(...(isApproved ? ['00'] : []))), {
      status: 401,
      code: isApproved ? 'link-used' : 'link-invalid',
    });
    t.strictSame(outcome(await complete()), { status: 401, code: 'link-invalid' });
  }
  t.equal(await countSessions(email), 1, 'as before');
});

t.test('12: three wrong numbers end the approval by number and nothing else', async (t) => {
  const { waiting, elsewhere, attemptId, token, code, number, approve } = await startWaiting();
  for (let count = 0; count < 3; count++)
    t.strictSame(outcome(await approve(wrong(number))), { status: 401, code: 'number-invalid' });
  t.match(await approve(), { status: 429, headers: { 'retry-after': /^\d+$/, 'ratelimit-limit': '3' } });
  t.match(await look(waiting, attemptId), { state: 'pending' });
  t.equal((await elsewhere.post(verify, { token })).status, 409);
  t.equal((await waiting.post(verify, { attemptId, code })).status, 200, 'the code still signs in');

  const other = await startWaiting();
  for (let count = 0; count < 4; count++) await other.approve(wrong(other.number));
  t.equal(
    (await other.elsewhere.post(verify, { token: other.token, confirm: 'here' })).status,
    200,
    'and so does the link',
  );
});

t.test('12: parallel wrong numbers are counted one by one, and per recipient across resends', async (t) => {
  const { email, number, approve } = await startWaiting();
  const answers = await Promise.all(Array.from({ length: 30 }, () => approve(wrong(number))));
  t.equal(answers.filter(({ status }) => status === 401).length, 3);
  t.equal(answers.filter(({ status }) => status === 429).length, 27);

  const second = await startWaiting(email);
  t.equal((await second.approve(wrong(second.number))).status, 401, 'the fourth of four');
  t.match(await second.approve(), { status: 429, headers: { 'ratelimit-limit': '4' } });
  t.equal((await second.waiting.post(verify, { token: second.token })).status, 200, 'the owner is not locked out');
  const third = await startWaiting(email);
  t.equal((await third.approve()).status, 429);
  await letTimePass(auth.database, '1 hour');
  const later = await startWaiting(email);
  t.equal((await later.approve()).status, 204);
});

t.test('an attempt is seen and completed only by the browser that asked, from our own pages', async (t) => {
  const { waiting, attemptId, approve, complete } = await startWaiting();
  const stranger = await startWaiting();
  await approve();
  const cookie = `sign_in_attempt=${waiting.cookies.get('sign_in_attempt') ?? ''}`;
  const planted = `sign_in_attempt=${stranger.waiting.cookies.get('sign_in_attempt') ?? ''}`;
  const unknown = { status: 401, code: 'attempt-unknown' };
  for (const browser of [openBrowser(auth.url), stranger.waiting]) {
    t.strictSame(outcome(await browser.get(pathOf(attemptId))), unknown);
    t.strictSame(outcome(await complete(browser)), unknown);
  }
  for (const id of ['x', stranger.attemptId, '0199aaaa-0000-7000-8000-000000000000'])
    t.strictSame(outcome(await waiting.get(pathOf(id))), unknown);
  for (const headers of [{ cookie: `${cookie}; ${planted}` }, { cookie: `${planted}; ${cookie}` }])
    t.strictSame(outcome(await waiting.post(pathOf(attemptId, '/complete'), undefined, headers)), unknown);
  for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }])
    t.strictSame(outcome(await waiting.post(pathOf(attemptId, '/complete'), undefined, headers)), {
      status: 403,
      code: 'origin-not-allowed',
    });
  t.equal((await complete()).status, 200, 'nothing was spent');
});

t.test('8: a waiting browser sees the same whoever has the address, or nobody', async (t) => {
  const [known, disabled] = [await signIn(auth), await signIn(auth)];
  await sql`update auth.users set disabled_at = now() where id = ${disabled.tokens.user.id}`;
  const shapes = [];
  for (const email of [known.email, newAddress(), disabled.email]) {
    const { waiting, attemptId } = await startWaiting(email);
    const { text, headers } = await waiting.get(pathOf(attemptId));
    const { date: _, 'x-request-id': __, 'ratelimit-remaining': ___, 'ratelimit-reset': ____, ...same } = headers;
    shapes.push({ same, text: text.replace(/\d+/g, '…') });
  }
  t.strictSame(shapes[1], shapes[0]);
  t.strictSame(shapes[2], shapes[0]);
});

t.test('a disabled account is refused to the browser that waits, and the approval stays as it was', async (t) => {
  const { email, tokens } = await signIn(auth);
  await sql`update auth.users set disabled_at = now() where id = ${tokens.user.id}`;
  const { approve, complete } = await startWaiting(email);
  t.equal((await approve()).status, 204);
  t.strictSame(outcome(await complete()), { status: 401, code: 'account-disabled' });
  await sql`update auth.users set disabled_at = null where id = ${tokens.user.id}`;
  t.equal((await complete()).status, 200);
});

t.test('25: an approval owes the second factor like any other way in', async (t) => {
  const { email, tokens } = await signIn(auth);
  await sql`insert into auth.totp_secrets (user_id, secret_sealed, confirmed_at) values (${tokens.user.id}, 'x', now())`;
  const { waiting, approve, complete } = await startWaiting(email);
  await approve();
  t.strictSame(outcome(await complete()), { status: 403, code: 'second-factor-required' });
  t.ok(waiting.cookies.has('second_factor'));
  t.equal(await countSessions(email), 1, 'as before');
});

t.test('the trail tells who approved, who was refused and why, and never the number', async (t) => {
  const { waiting, attemptId, number, email, approve, complete } = await startWaiting();
  await approve(wrong(number));
  await approve();
  await complete(waiting.copy());
  await complete();
  await approve(wrong(number));
  const trail = await sql<{ event: string; detail: object }[]>`
    select event, detail from auth.audit_events where detail->>'attempt' = ${attemptId} order by id`;
  const refused = (reason: string) => ({
    event: 'sign-in-refused',
    detail: { attempt: attemptId, way: 'approval', reason },
  });
  t.strictSame(
    trail.map(({ event, detail }) => ({ event, detail })),
    [
      { event: 'link-sent', detail: { attempt: attemptId } },
      refused('number-invalid'),
      { event: 'sign-in-approved', detail: { attempt: attemptId } },
      refused('link-used'),
      refused('link-used'),
    ],
  );
  t.equal(await countSessions(email), 1);
  const exposition = await auth.metrics.registry.metrics();
  t.match(exposition, /auth_sign_ins_total\{.*way="approval".*outcome="succeeded".*\} [1-9]/);
  t.match(exposition, /auth_sign_in_approvals_total\{.*outcome="refused".*\} [1-9]/);
});
