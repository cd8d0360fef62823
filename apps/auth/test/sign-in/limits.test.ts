import t from 'tap';
import { newAddress, startAuth } from '../support/auth.ts';
import { ask, openBrowser, type Answer, type Browser } from '../support/browser.ts';
import { askForLink, readInbox } from '../support/sign-in.ts';
import { letTimePass } from '../support/time.ts';

const auth = await startAuth(t, { env: { CODE_LIMIT_PER_RECIPIENT: '6/1h' } });
const { sql } = auth.database;
const [send, verify] = ['/auth/send-magic-link', '/auth/verify-magic-link'];

const sendTo = (url: string, email: string, more: object = {}) =>
  ask(url + send, { method: 'POST', body: { email, ...more } });
const countOf = (answers: Answer[], wanted: number) => answers.filter(({ status }) => status === wanted).length;

/** An answer of the limit `max`, with everything a client needs to know when to come back. */
const refusal = (max: number) => ({
  status: 429,
  headers: {
    'retry-after': /^[1-9]\d*$/,
    'ratelimit-limit': String(max),
    'ratelimit-remaining': '0',
    'ratelimit-reset': /^[1-9]\d*$/,
  },
  json: { code: 'rate-limited' },
});

t.test('12: of a hundred requests at once from one address exactly thirty are mailed', async (t) => {
  const strict = await startAuth(t, { database: auth.database, env: { LINK_LIMIT_PER_ADDRESS: '30/5m' } });
  const emails = Array.from({ length: 100 }, newAddress);
  const answers = await Promise.all(emails.map((email) => sendTo(strict.url, email)));
  t.strictSame([countOf(answers, 202), countOf(answers, 429)], [30, 70]);
  t.match(
    answers.find(({ status }) => status === 429),
    { ...refusal(30), headers: { 'retry-after': /^(29\d|300)$/ } },
  );
  const [row] = await sql`select count(*)::int as attempts from auth.sign_in_attempts where email in ${sql(emails)}`;
  t.match(row, { attempts: 30 });
});

t.test('what sends no mail uses nothing up, one by one or all at once', async (t) => {
  const env = { LINK_LIMIT_PER_ADDRESS: '3/5m', LINK_LIMIT_PER_RECIPIENT: '1/10m' };
  const strict = await startAuth(t, { database: auth.database, env });
  const popular = newAddress();
  t.match((await sendTo(strict.url, popular)).headers, { 'ratelimit-limit': '3', 'ratelimit-remaining': '2' });

  for (let count = 0; count < 5; count++) {
    t.equal((await sendTo(strict.url, 'no address')).status, 422);
    t.equal((await sendTo(strict.url, newAddress(), { redirectTo: 'https://evil.example' })).status, 422);
    t.match(await sendTo(strict.url, popular), refusal(1), 'the recipient has had enough');
  }
  await Promise.all(Array.from({ length: 20 }, () => sendTo(strict.url, popular)));

  t.match(await sendTo(strict.url, newAddress()), { status: 202, headers: { 'ratelimit-remaining': '1' } });
  t.match(await sendTo(strict.url, newAddress()), { status: 202, headers: { 'ratelimit-remaining': '0' } });
  t.match(await sendTo(strict.url, newAddress()), refusal(3));
  t.equal((await readInbox(strict, popular)).length, 1);
});

t.test('a mail that could not be queued counts for nobody, and pays no debt of an earlier window', async (t) => {
  const { magicLinks } = auth.resources.stores;
  const limit = { max: 2, windowSeconds: 600 };
  const requester = { address: '192.0.2.1', userAgent: null, requestId: 'test' };
  const email = newAddress();
  const insert = async () => {
    const secret = () => Buffer.from(crypto.randomUUID());
    const attempt = { email, redirectTo: null, lifetime: 900, number: '42' };
    const hashes = { tokenHash: secret(), codeHash: secret(), browserHash: secret() };
    return (await magicLinks.insert({ ...attempt, ...hashes }, limit, requester))?.id;
  };
  const first = await insert();
  await insert();
  t.equal(await insert(), undefined);
  await magicLinks.withdraw(first ?? '', limit, requester);
  const second = await insert();
  t.ok(second, 'there is room again');
  t.equal(await insert(), undefined);

  await letTimePass(auth.database, '10 minutes');
  await insert();
  await magicLinks.withdraw(second ?? '', limit, requester);
  await insert();
  t.equal(await insert(), undefined, 'two of this window, whatever became of the last');
});

async function askForCode(browser: Browser, email: string) {
  const { attemptId, code, token } = await askForLink(auth, browser, email);
  const wrong = code === 'AAAAAA' ? 'CCCCCC' : 'AAAAAA';
  return {
    token,
    tryRight: () => browser.copy().post(verify, { attemptId, code }),
    tryWrong: () => browser.copy().post(verify, { attemptId, code: wrong }),
  };
}

async function hitsOf(email: string): Promise<number> {
  const [row] = await sql<{ hits: number }[]>`select hits from auth.rate_limits where key = ${`code:${email}`}`;
  return row?.hits ?? 0;
}

t.test('right codes use nothing up, however often one signs in', async (t) => {
  const email = newAddress();
  for (let count = 0; count < 8; count++) {
    const { tryRight } = await askForCode(openBrowser(auth.url), email);
    t.equal((await tryRight()).status, 200);
  }
  t.equal(await hitsOf(email), 0);
});

t.test('of parallel guesses only those that were judged are counted for the recipient', async (t) => {
  const email = newAddress();
  const { tryWrong, tryRight } = await askForCode(openBrowser(auth.url), email);
  const answers = await Promise.all(Array.from({ length: 50 }, tryWrong));
  t.strictSame([countOf(answers, 401), countOf(answers, 429)], [5, 45]);
  t.equal(await hitsOf(email), 5);
  t.match(await tryRight(), refusal(5), 'an attempt has five tries');
});

t.test('12: guessing is bounded per recipient across resends: the last try may be right, one more not', async (t) => {
  const email = newAddress();
  const first = await askForCode(openBrowser(auth.url), email);
  for (let count = 0; count < 5; count++) t.equal((await first.tryWrong()).status, 401);

  const second = await askForCode(openBrowser(auth.url), email);
  t.equal((await second.tryRight()).status, 200, 'five of six are used up');

  const third = await askForCode(openBrowser(auth.url), email.toUpperCase().replace('EXAMPLE.COM', 'example.com'));
  t.equal((await third.tryWrong()).status, 401, 'the sixth, whatever the spelling');
  t.match(await third.tryWrong(), refusal(6));
  t.match(await third.tryRight(), refusal(6));
  t.equal(await hitsOf(email), 6);

  const fourth = await askForCode(openBrowser(auth.url), email);
  t.match(await fourth.tryRight(), refusal(6));
  await letTimePass(auth.database, '59 minutes');
  const fifth = await askForCode(openBrowser(auth.url), email);
  t.match(await fifth.tryRight(), { ...refusal(6), headers: { 'retry-after': /^[1-5]?\d|60$/ } });
  await letTimePass(auth.database, '1 minute');
  t.equal((await fifth.tryRight()).status, 200, 'nobody is locked out for good');
});

t.test('12: while the codes of an address are used up, its link still signs in', async (t) => {
  const email = newAddress();
  for (let count = 0; count < 2; count++) {
    const { tryWrong } = await askForCode(openBrowser(auth.url), email);
    for (let again = 0; again < 5; again++) await tryWrong();
  }
  const browser = openBrowser(auth.url);
  const { tryRight, token } = await askForCode(browser, email);
  t.match(await tryRight(), refusal(6));
  t.equal((await browser.post(verify, { token })).status, 200);
});
