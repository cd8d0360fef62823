import t from 'tap';
import { createGithubProvider } from '../../src/oauth/github-provider.ts';
import { newAddress, startAuth } from '../support/auth.ts';
import { openBrowser } from '../support/browser.ts';
import { sendJson, startServer } from '../support/forger.ts';
import { landing, redirectUri, setOut } from '../support/providers.ts';

// GitHub's documented API, as far as it is used; there is none of it to run here.
const state = { token: {} as object, user: {} as object, emails: [] as unknown, status: 200, asked: [] as string[] };
const url = await startServer(t, {
  '/access_token': (_request, response, body) => {
    state.asked.push(body);
    sendJson(response, state.token);
  },
  '/user': ({ headers }, response) => {
    state.asked.push(headers.authorization ?? '');
    sendJson(response, state.user);
  },
  '/user/emails': (_request, response) => sendJson(response, state.emails, state.status),
});
const github = createGithubProvider({
  clientId: 'Iv1.123',
  clientSecret: 'secret',
  redirectUri: redirectUri('github'),
  addresses: {
    issuer: 'https://github.com/login/oauth',
    authorization: 'https://github.com/login/oauth/authorize',
    token: `${url}/access_token`,
    api: url,
  },
});
const auth = await startAuth(t, { providers: [github] });
const { sql } = auth.database;

async function signIn(user: object, emails: unknown, extra = 'code=abc') {
  Object.assign(state, { token: { access_token: 'gho_1', token_type: 'bearer', scope: 'user:email' }, user, emails });
  const browser = openBrowser(auth.url);
  const at = await setOut(browser, 'github');
  const query = `${extra}&state=${at.searchParams.get('state') ?? ''}`;
  return { at, landing: landing(await browser.get(`/auth/oauth/github/callback?${query}`)), browser };
}

const mailbox = (email: string, change: object = {}) => ({
  email,
  primary: true,
  verified: true,
  visibility: null,
  ...change,
});

t.test('16: GitHub is asked with state and PKCE, and its API with the token', async (t) => {
  const email = newAddress();
  const emails = [{ email: 'old@example.com', primary: false, verified: true }, mailbox(email)];
  const { at, landing: told } = await signIn({ id: 7, login: 'octo', name: 'Octo Cat' }, emails);
  t.match(told, { page: '/sign-in/complete', way: 'github' });
  t.equal(at.origin + at.pathname, 'https://github.com/login/oauth/authorize');
  t.match(Object.fromEntries(at.searchParams), {
    client_id: 'Iv1.123',
    scope: 'read:user user:email',
    code_challenge_method: 'S256',
    redirect_uri: redirectUri('github'),
  });
  const form = new URLSearchParams(state.asked.at(-2));
  t.match(Object.fromEntries(form), { code: 'abc', client_secret: 'secret', code_verifier: /^[\w-]{43}$/ });
  t.equal(state.asked.at(-1), 'Bearer gho_1');
  t.match(
    await sql`select i.subject, i.issuer, u.name from auth.identities i join auth.users u on u.id = i.user_id
    where u.email = ${email}`,
    [{ subject: '7', issuer: 'https://github.com/login/oauth', name: 'Octo Cat' }],
  );
});

t.test('18: a person of GitHub is the number, not the name that can be taken over', async (t) => {
  const [first, second] = [newAddress(), newAddress()];
  await signIn({ id: 8, login: 'famous', name: null }, [mailbox(first)]);
  await signIn({ id: 9, login: 'famous', name: null }, [mailbox(second)]);
  await signIn({ id: 8, login: 'renamed', name: null }, [mailbox(newAddress())]);
  t.equal((await sql`select from auth.users where email = ${first} or email = ${second}`).length, 2);
  t.equal((await sql`select from auth.identities where subject in ('8', '9')`).length, 2);
});

t.test('18: only the primary address counts, and only verified as boolean true', async (t) => {
  const email = newAddress();
  for (const emails of [
    [mailbox(email, { verified: 'true' })],
    [mailbox(email, { verified: 1 })],
    [mailbox(email, { verified: false })],
    [mailbox(email, { primary: 'true' })],
    [mailbox(email, { primary: false })],
    [mailbox('other@example.com', { verified: false }), mailbox(email, { primary: false })],
    [],
  ])
    t.match(
      (await signIn({ id: 10, login: 'x' }, emails)).landing,
      { code: 'address-unverified' },
      JSON.stringify(emails),
    );
  t.equal((await sql`select from auth.users where email = ${email}`).length, 0);
});

t.test('what is not GitHub’s usual answer makes nobody', async (t) => {
  const email = newAddress();
  for (const user of [{ login: 'x' }, { id: '11', login: 'x' }, { id: 0, login: 'x' }, { id: 1.5, login: 'x' }, []])
    t.match((await signIn(user, [mailbox(email)])).landing, { code: 'provider-refused' }, JSON.stringify(user));
  t.match((await signIn({ id: 11, login: 'x' }, { message: 'Bad credentials' })).landing, { code: 'provider-refused' });
  state.status = 403;
  t.match((await signIn({ id: 11, login: 'x' }, { message: 'Forbidden' })).landing, { code: 'provider-refused' });
  state.status = 200;
  t.match((await signIn({ id: 11, login: 'x' }, [], 'error=access_denied')).landing, { code: 'provider-cancelled' });
  const browser = openBrowser(auth.url);
  const at = await setOut(browser, 'github');
  // GitHub says with 200 that a code is no good.
  state.token = { error: 'bad_verification_code', error_description: 'The code passed is incorrect or expired.' };
  const path = `/auth/oauth/github/callback?code=x&state=${at.searchParams.get('state') ?? ''}`;
  t.match(landing(await browser.get(path)), { code: 'provider-refused' });
  t.equal((await sql`select from auth.users where email = ${email}`).length, 0);
});
