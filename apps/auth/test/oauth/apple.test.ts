import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import t from 'tap';
import { createAppleProvider } from '../../src/oauth/apple-provider.ts';
import { newAddress, startAuth } from '../support/auth.ts';
import { ask, openBrowser } from '../support/browser.ts';
import { honestClaims, startForger } from '../support/forger.ts';
import { landing, redirectUri, setOut } from '../support/providers.ts';
import { codeOf } from '../support/sessions.ts';

const apple = await startForger(t, { token_endpoint_auth_methods_supported: ['client_secret_post'] });
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const provider = createAppleProvider({
  clientId: 'alva',
  credentials: { teamId: 'TEAM123456', keyId: 'KEY1234567', privateKey },
  redirectUri: redirectUri('apple'),
  issuer: apple.url,
});
const auth = await startAuth(t, { providers: [provider] });
const { sql } = auth.database;
const callback = '/auth/oauth/apple/callback';

/** The form that Apple's page has the browser post, without a header of ours. */
async function comeBack(email: string, form: Record<string, string> = {}, claims: object = {}) {
  const browser = openBrowser(auth.url);
  const at = await setOut(browser, 'apple');
  apple.next = { claims: { ...honestClaims(apple, at, email), name: 'Not Apple’s way', ...claims } };
  const body = new URLSearchParams({ code: 'x', state: at.searchParams.get('state') ?? '', ...form });
  const cookie = `provider_attempt_by_form=${browser.cookies.get('provider_attempt_by_form') ?? ''}`;
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    origin: 'https://appleid.apple.com',
    'sec-fetch-site': 'cross-site',
    cookie,
  };
  const answer = await ask(auth.url + callback, { method: 'POST', body: body.toString(), headers });
  return { at, answer, body };
}

const nameOf = async (email: string) => {
  const [row] = await sql<{ name: string | null }[]>`select name from auth.users where email = ${email}`;
  return row?.name;
};

t.test('16: Apple posts its answer, to a browser with a cookie that comes along with a form', async (t) => {
  const { setCookies, headers } = await ask(`${auth.url}/auth/oauth/apple`);
  t.match(setCookies, [/^provider_attempt_by_form=[\w-]{43}; Max-Age=600; .*HttpOnly; Secure; SameSite=None$/]);
  t.match(Object.fromEntries(new URL(headers.location ?? '').searchParams), {
    response_mode: 'form_post',
    scope: 'openid name email',
    code_challenge_method: 'S256',
    nonce: /./,
  });
  const email = newAddress();
  const user = JSON.stringify({ name: { firstName: 'Anna', lastName: 'Apfel' }, email: 'forged@example.com' });
  const { answer } = await comeBack(email, { user });
  t.match(landing(answer), { page: '/sign-in/complete', way: 'apple' });
  t.match(answer.setCookies, [/^refresh_token=.*SameSite=Strict$/, /^provider_attempt_by_form=; Max-Age=0/]);
  t.equal(await nameOf(email), 'Anna Apfel');
  t.equal(await nameOf('forged@example.com'), undefined, 'of what nobody signed only the name is used');

  t.match(landing((await comeBack(email)).answer), { page: '/sign-in/complete' });
  t.equal(await nameOf(email), 'Anna Apfel', 'it is told only the first time, and kept');
});

t.test('the secret is made from the team’s key, for five minutes', async (t) => {
  await comeBack(newAddress());
  const secret = apple.exchanges.at(-1)?.get('client_secret') ?? '';
  t.match(decodeProtectedHeader(secret), { alg: 'ES256', kid: 'KEY1234567' });
  const { payload } = await jwtVerify(secret, publicKey, {
    issuer: 'TEAM123456',
    subject: 'alva',
    audience: apple.url,
  });
  t.equal((payload.exp ?? 0) - (payload.iat ?? 0), 300);
  t.equal(decodeJwt(secret).sub, apple.exchanges.at(-1)?.get('client_id'));
});

t.test('names are names, whatever the browser posts', async (t) => {
  for (const [user, expected] of [
    ['{', null],
    ['null', null],
    ['{"name":{"firstName":{},"lastName":7}}', null],
    ['{"name":{"firstName":"  Anna\\n\\u0000\\u202eB  "}}', 'Anna B'],
    [JSON.stringify({ name: { firstName: 'x'.repeat(300) } }), 'x'.repeat(100)],
  ] as const) {
    const email = newAddress();
    t.match(landing((await comeBack(email, { user })).answer), { page: '/sign-in/complete' });
    t.equal(await nameOf(email), expected);
  }
});

t.test('18: Apple’s word for verified counts as boolean true alone, too', async (t) => {
  const email = newAddress();
  t.match(landing((await comeBack(email, {}, { email_verified: 'true' })).answer), { code: 'address-unverified' });
  t.equal(await nameOf(email), undefined);
});

t.test('16: the form works once, for this provider, in this browser, and only as a form', async (t) => {
  const { body } = await comeBack(newAddress());
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const again = await ask(auth.url + callback, { method: 'POST', body: body.toString(), headers });
  t.match(landing(again), { page: '/sign-in/problem', code: 'attempt-unknown' });
  t.equal(codeOf(await ask(`${auth.url}${callback}?${body.toString()}`)), 'not-found', 'not by a link');
  t.equal((await ask(auth.url + callback, { method: 'POST', body: { code: 'x' } })).status, 415);
  const cancelled = await comeBack(newAddress(), { error: 'user_cancelled_authorize' });
  t.match(landing(cancelled.answer), { code: 'provider-cancelled' });
});
