import { createTestDatabase, openTcpProxy } from '@alva/testing';
import t from 'tap';
import { newAddress, startAuth, webOrigin } from './support/auth.ts';
import { ask, openBrowser } from './support/browser.ts';
import { startForger } from './support/forger.ts';
import { landing, setOut } from './support/providers.ts';
import { openSession, refresh, signOut, successorIn } from './support/sessions.ts';
import { askForLink } from './support/sign-in.ts';

const database = await createTestDatabase(t);
const proxy = await openTcpProxy(t, database.url);
const auth = await startAuth(t, { database: { ...database, url: proxy.url } });

async function untilItWorks(token: string) {
  const started = performance.now();
  for (;;) {
    const answer = await refresh(auth.url, token);
    if (answer.status === 200) return { answer, seconds: (performance.now() - started) / 1000 };
    if (answer.status !== 503) throw new Error(`Not an outage: ${answer.status} ${answer.text}`);
  }
}

for (const trouble of ['cut', 'stall'] as const) {
  t.test(`Postgres ${trouble}: 503 within 3 s, cookies kept, recovery without restart`, async (t) => {
    const { token } = await openSession(auth);
    // Its own session: a sign-out that was refused may still happen, as the person wished.
    const { token: leaving } = await openSession(auth);
    const waiting = openBrowser(auth.url);
    const { token: link } = await askForLink(auth, waiting, newAddress());
    proxy[trouble]();
    const asked: [string, string, unknown?][] = [
      ['/auth/refresh', `refresh_token=${token}`],
      ['/auth/logout', `refresh_token=${leaving}`],
      ['/auth/send-magic-link', 'a=b', { email: newAddress() }],
      ['/auth/verify-magic-link', `sign_in_attempt=${waiting.cookies.get('sign_in_attempt') ?? ''}`, { token: link }],
    ];
    await Promise.all(
      asked.map(async ([path, cookie, body]) => {
        const started = performance.now();
        const answer = await ask(auth.url + path, { method: 'POST', body, headers: { origin: webOrigin, cookie } });
        const seconds = (performance.now() - started) / 1000;
        t.match(
          answer,
          { status: 503, headers: { 'retry-after': /^\d+$/ }, json: { code: 'service-unavailable' } },
          path,
        );
        t.strictSame(answer.setCookies, [], 'the cookies are kept');
        t.ok(seconds < 3, `${path} answered after ${seconds.toFixed(2)} s`);
      }),
    );
    t.equal((await ask(`${auth.url}/readyz`)).status, 503);
    t.equal((await ask(`${auth.url}/healthz`)).status, 200);
    t.equal((await ask(`${auth.url}/.well-known/jwks.json`)).status, 200, 'tokens can still be verified');

    proxy.restore();
    const { answer, seconds } = await untilItWorks(token);
    t.ok(seconds < 30, `back after ${seconds.toFixed(2)} s`);
    const signedIn = await waiting.post('/auth/verify-magic-link', { token: link });
    t.equal(signedIn.status, 200, `a refused request left the link as it was (${signedIn.text})`);
    t.equal((await signOut(auth.url, successorIn(answer))).status, 204);
  });
}

t.test('Postgres cut: a browser on its way to or from a provider is shown a page, and may try once more', async (t) => {
  const forger = await startForger(t);
  const copy = await startAuth(t, {
    database: { ...database, url: proxy.url },
    env: { OIDC_ISSUER_URL: forger.url, OIDC_CLIENT_ID: 'alva', OIDC_CLIENT_SECRET: 'secret' },
  });
  const browser = openBrowser(copy.url);
  const at = await setOut(browser);
  const back = `/auth/oauth/oidc/callback?error=access_denied&state=${at.searchParams.get('state') ?? ''}`;
  proxy.cut();
  for (const path of ['/auth/oauth/oidc', back]) {
    const answer = await browser.get(path);
    t.match(landing(answer), { page: '/sign-in/problem', code: 'service-unavailable', provider: 'oidc' }, path);
    t.strictSame(answer.setCookies, []);
  }
  t.equal(copy.logged.filter((line) => line.includes('"warn"') && line.includes('a dependency failed')).length, 2);
  proxy.restore();
  await untilItWorks((await openSession(auth)).token);
  t.match(landing(await browser.get(back)), { code: 'provider-cancelled' }, 'the attempt was not spent');
});

t.test('the database committed and its answer was lost: 503, and the retry gets the committed answer', async (t) => {
  const { token, sessionId } = await openSession(auth);
  proxy.loseAnswers();
  t.equal((await refresh(auth.url, token)).status, 503);
  proxy.cut();
  proxy.restore();
  const { answer } = await untilItWorks(token);
  const [chain] =
    await database.sql`select count(*)::int as links from auth.refresh_tokens where session_id = ${sessionId}`;
  t.match(chain, { links: 2 });
  t.equal((await refresh(auth.url, successorIn(answer))).status, 200);
});

t.test(
  'a hundred requests into a hanging database are all answered, and nobody who was refused is mailed',
  async (t) => {
    const { token } = await openSession(auth);
    proxy.stall();
    const emails = Array.from({ length: 50 }, newAddress);
    const answers = await Promise.all([
      ...emails.map((email) => ask(`${auth.url}/auth/send-magic-link`, { method: 'POST', body: { email } })),
      ...emails.map(() => refresh(auth.url, token)),
    ]);
    t.strictSame([...new Set(answers.map(({ status }) => status))], [503]);
    proxy.restore();
    await untilItWorks(token);
    const later = newAddress();
    await askForLink(auth, openBrowser(auth.url), later);
    const mailed = await database.sql`select 1 from auth.inbox_mails where "to" in ${database.sql(emails)}`;
    t.equal(mailed.length, 0);
  },
);

t.test('34: connections that fall silent for good are given up, and new ones serve', async (t) => {
  const { token } = await openSession(auth);
  proxy.forsake();
  t.equal((await refresh(auth.url, token)).status, 503);
  const { seconds } = await untilItWorks(token);
  t.ok(seconds < 5, `back after ${seconds.toFixed(2)} s`);
});
