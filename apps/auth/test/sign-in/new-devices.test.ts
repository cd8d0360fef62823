import t from 'tap';
import { newAddress, startAuth } from '../support/auth.ts';
import { openBrowser } from '../support/browser.ts';
import { refresh } from '../support/sessions.ts';
import { askForLink, readInbox, refreshTokenOf, waitForMail } from '../support/sign-in.ts';

const auth = await startAuth(t, { env: { TRUST_PROXY: '1' } });

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const newerFirefox = firefox.replaceAll('140.0', '141.0');
const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';
/** Registered in Germany, in the Netherlands, and nowhere. */
const [germany, netherlands, nowhere] = ['46.4.0.1', '145.97.0.1', '10.0.0.1'] as const;

async function signInFrom(email: string, userAgent: string, address: string = germany) {
  const headers = { 'user-agent': userAgent, 'x-forwarded-for': address };
  const browser = openBrowser(auth.url);
  const { token } = await askForLink(auth, browser, email);
  const answer = await browser.post('/auth/verify-magic-link', { token, confirm: 'here' }, headers);
  if (answer.status !== 200) throw new Error(answer.text);
  return browser;
}

const isNotice = ({ subject }: { subject: string }) => subject === 'New sign-in to your Alva account';
/** All that this sign-in could have told of is queued once the next mail is there. */
async function notices(email: string) {
  await askForLink(auth, openBrowser(auth.url), email);
  return (await readInbox(auth, email)).filter(isNotice);
}

t.test('a new device is told of by mail, once; the first one, a newer version and a renewal are not', async (t) => {
  const email = newAddress();
  await signInFrom(email, firefox);
  await signInFrom(email, newerFirefox);
  t.strictSame(await notices(email), [], 'the first session, and the same browser again');
  const browser = await signInFrom(email, safari);
  const mail = await waitForMail(auth, email, isNotice);
  t.match(mail.text, /Device: Safari on iOS\nCountry: Germany\nTime: .* UTC/);
  t.equal(mail.link, 'http://localhost:3000/settings/sessions');
  await signInFrom(email, safari);
  t.equal((await refresh(auth.url, refreshTokenOf(browser))).status, 200);
  t.equal((await notices(email)).length, 1);
});

t.test('another country is new, an address that tells none is not', async (t) => {
  const email = newAddress();
  await signInFrom(email, firefox, germany);
  await signInFrom(email, firefox, nowhere);
  t.strictSame(await notices(email), []);
  await signInFrom(email, firefox, netherlands);
  t.match((await waitForMail(auth, email, isNotice)).text, 'Country: Netherlands');
});

t.test('what a device calls itself cannot write into our mail', async (t) => {
  const email = newAddress();
  await signInFrom(email, firefox);
  await signInFrom(email, 'Visit https://evil.example/now (Win) Gecko');
  const { text, html } = await waitForMail(auth, email, isNotice);
  t.notMatch(text + html, 'evil');
});

t.test('a mail that cannot be queued keeps nobody out', async (t) => {
  const email = newAddress();
  await signInFrom(email, firefox);
  const browser = openBrowser(auth.url);
  const { token } = await askForLink(auth, browser, email);
  const queue = auth.resources.queues.queue('mail');
  const add = queue.add.bind(queue);
  queue.add = () => Promise.reject(new Error('the queue is gone'));
  const answer = await browser.post('/auth/verify-magic-link', { token }, { 'user-agent': safari });
  t.equal(answer.status, 200);
  while (!auth.logged.some((line) => line.includes('could not be mailed'))) await new Promise(setImmediate);
  queue.add = add;
});

t.test('devices that were not seen for a year are forgotten', async (t) => {
  const email = newAddress();
  await signInFrom(email, firefox);
  const { sql } = auth.database;
  await sql`update auth.known_devices set last_seen_at = now() - interval '366 days'`;
  await auth.resources.pruner.prune();
  t.equal((await sql`select from auth.known_devices`).length, 0);
});
