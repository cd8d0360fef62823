import t from 'tap';
import { ways, type WayIn } from '../../src/metrics.ts';
import { startAuth } from '../support/auth.ts';
import { openBrowser, type Answer, type Browser } from '../support/browser.ts';
import { addPasskey, expectOk, openCareful, type Careful } from '../support/second-factor.ts';
import { goodPassword, logIn, register, tokenOf } from '../support/passwords.ts';
import { comeBack, landing, startIssuer } from '../support/providers.ts';
import { askForLink, waitForMail } from '../support/sign-in.ts';

const { issuer, env } = await startIssuer(t);
const auth = await startAuth(t, { env });
const { sql } = auth.database;

/** The second factors themselves, and providers that come the same way as `oidc`. */
const elsewhere = ['totp', 'recovery-code', 'google', 'github', 'apple'] as const satisfies WayIn[];

/** One factor, shown as well as it can be. */
type Walk = (browser: Browser, person: Careful) => Promise<Answer>;

/**
 * Every way in that the service knows, walked by somebody who has a second factor. A new way does not compile before it is
 * here; what is the second factor itself is none.
 */
const walks: Record<Exclude<WayIn, (typeof elsewhere)[number]>, Walk> = {
  link: async (browser, { email }) => {
    const { token } = await askForLink(auth, browser, email);
    return browser.post('/auth/verify-magic-link', { token });
  },
  code: async (browser, { email }) => {
    const { attemptId, code } = await askForLink(auth, browser, email);
    return browser.post('/auth/verify-magic-link', { attemptId, code });
  },
  approval: async (browser, { email }) => {
    const { attemptId, token } = await askForLink(auth, browser, email);
    const attempt = `/auth/sign-in-attempts/${attemptId}`;
    const { number } = expectOk<{ number: string }>(await browser.get(attempt));
    await openBrowser(auth.url).post(`${attempt}/approve`, { token, number });
    return browser.post(`${attempt}/complete`);
  },
  password: async (browser, { email, id }) => {
    await setPassword(id);
    return logIn(auth, email, goodPassword, browser);
  },
  verification: async (browser, { email, id }) => {
    await setPassword(id);
    await sql`update auth.users set email_verified_at = null where id = ${id}`;
    await logIn(auth, email, goodPassword, browser);
    const mail = await waitForMail(auth, email, ({ subject }) => subject === 'Confirm your address for Alva');
    return browser.post('/auth/verify-email', { token: tokenOf(mail) });
  },
  oidc: async (browser, { email }) => {
    // An address that the provider vouches for leads to its account.
    issuer.setAccount(email, { subject: email, claims: { email, email_verified: true } });
    return comeBack(issuer, browser, email);
  },
  passkey: async (browser, person) => {
    const { authenticator } = await addPasskey(auth, person);
    const asked = expectOk<{ challenge: string }>(await browser.post('/auth/passkeys/sign-in-options'));
    // One that did not ask for a finger or a PIN is one factor.
    const credential = authenticator.get(asked, { isVerified: false });
    return browser.post('/auth/passkeys/sign-in', { credential });
  },
};

t.strictSame([...Object.keys(walks), ...elsewhere].sort(), [...ways].sort());

for (const [way, walk] of Object.entries(walks)) {
  t.test(`25: by ${way}, one factor opens no session where there is a second`, async (t) => {
    const person = await openCareful(auth);
    const before = await countSessions(person.id);
    const browser = openBrowser(auth.url);
    const answer = await walk(browser, person);
    if (way === 'oidc') t.match(landing(answer), { page: '/sign-in/second-factor' });
    else if (way === 'passkey') t.match(answer.json, { status: 401, code: 'passkey-invalid' });
    else t.match(answer.json, { status: 403, code: 'second-factor-required' });
    t.notMatch(answer.text, 'accessToken');
    t.equal(browser.cookies.has('refresh_token'), false);
    t.equal(await countSessions(person.id), before);
    t.equal((await browser.post('/auth/refresh')).status, 401);
  });
}

/** As an import leaves one. */
async function setPassword(userId: string): Promise<void> {
  const { tokens } = await register(auth);
  await sql`update auth.passwords set user_id = ${userId} where user_id = ${tokens.user.id}`;
}

async function countSessions(userId: string): Promise<number | undefined> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int from auth.sessions where user_id = ${userId}`;
  return row?.count;
}
