import { type ConnectProviderAnswer, type IdentityList } from '@alva/validation';
import t from 'tap';
import { openBearer, type Bearer } from '../support/admin.ts';
import { newAddress, startAuth } from '../support/auth.ts';
import { openBrowser } from '../support/browser.ts';
import { waitForLetter } from '../support/letters.ts';
import { askWhileLocked, askWhilePutOut } from '../support/locks.ts';
import { comeBack, landing, signInAtIssuer, startIssuer } from '../support/providers.ts';
import { openCareful } from '../support/second-factor.ts';
import { codeOf } from '../support/sessions.ts';
import { readInbox } from '../support/sign-in.ts';

const { issuer, env } = await startIssuer(t);
const clock = { ahead: 0 };
const auth = await startAuth(t, { env, now: () => Date.now() + clock.ahead });
const { sql } = auth.database;

let count = 0;
function newAccount(email = newAddress()): string {
  const name = `person-${++count}`;
  issuer.setAccount(name, { subject: `subject-${count}`, claims: { email, email_verified: true } });
  return name;
}

/** Sets out from the settings, in a browser of their own. */
async function setOutToConnect(bearer: Bearer) {
  const answer = await bearer.send('POST', '/auth/oauth/oidc/link');
  const [cookie = ''] = answer.setCookies;
  const [, value = ''] = /^provider_attempt=([^;]*)/.exec(cookie) ?? [];
  const browser = openBrowser(auth.url, [['provider_attempt', value]]);
  return { answer, browser, at: new URL((answer.json as ConnectProviderAnswer).url) };
}

async function connect(bearer: Bearer, name: string) {
  const { browser, at } = await setOutToConnect(bearer);
  return landing(await browser.get(await signInAtIssuer(issuer, at, name)));
}

const listOf = async (bearer: Bearer) => ((await bearer.get('/auth/identities')).json as IdentityList).items;

t.test('whoever is signed in connects a provider, and then signs in with it', async (t) => {
  const email = newAddress();
  const bearer = await openBearer(auth, email);
  const name = newAccount('elsewhere@example.com');
  t.strictSame(await listOf(bearer), []);
  t.strictSame(await connect(bearer, name), { page: '/settings/security', connected: 'oidc' });
  t.match(await listOf(bearer), [{ provider: 'oidc', label: 'Example ID', email: 'elsewhere@example.com' }]);
  t.match(await connect(bearer, name), { connected: 'oidc' }, 'once more changes nothing');
  t.equal((await listOf(bearer)).length, 1);

  t.match(landing(await comeBack(issuer, openBrowser(auth.url), name)), { page: '/sign-in/complete' });
  t.equal((await sql`select from auth.users where email = 'elsewhere@example.com'`).length, 0);
  t.equal((await sql`select from auth.sessions where user_id = ${bearer.id}`).length, 2, 'into this account');
  t.match(
    await sql`select detail, session_id from auth.audit_events where user_id = ${bearer.id} and event = 'provider-connected'`,
    [{ detail: { provider: 'oidc', how: 'settings' }, session_id: String }],
  );
});

t.test('18: what belongs to another account stays there', async (t) => {
  const name = newAccount();
  await comeBack(issuer, openBrowser(auth.url), name);
  const bearer = await openBearer(auth);
  t.strictSame(await connect(bearer, name), { page: '/settings/security', code: 'identity-taken', provider: 'oidc' });
  t.strictSame(await listOf(bearer), []);
});

t.test('an unverified address is no obstacle: who is signed in says whose it is', async (t) => {
  const name = `person-${++count}`;
  issuer.setAccount(name, { subject: `subject-${count}`, claims: { email: newAddress(), email_verified: false } });
  const bearer = await openBearer(auth);
  t.match(await connect(bearer, name), { connected: 'oidc' });
  t.match(await listOf(bearer), [{ email: null }]);
});

t.test('connecting dies with the session that began it', async (t) => {
  const bearer = await openBearer(auth);
  const { browser, at } = await setOutToConnect(bearer);
  const path = await signInAtIssuer(issuer, at, newAccount());
  await sql`update auth.sessions set ended_at = now(), end_reason = 'revoked' where user_id = ${bearer.id}`;
  t.match(landing(await browser.get(path)), { page: '/settings/security', code: 'provider-answer-late' });
  t.equal((await sql`select from auth.identities where user_id = ${bearer.id}`).length, 0);
});

t.test('16: another browser cannot finish what this one began', async (t) => {
  const victim = await openBearer(auth);
  const { at } = await setOutToConnect(victim);
  const path = await signInAtIssuer(issuer, at, newAccount());
  t.match(landing(await openBrowser(auth.url).get(path)), { code: 'attempt-unknown' });
  t.strictSame(await listOf(victim), []);
});

t.test('connecting and disconnecting want a recent sign-in', async (t) => {
  const bearer = await openBearer(auth);
  await connect(bearer, newAccount());
  const [identity] = await listOf(bearer);
  clock.ahead = 11 * 60_000;
  const link = await bearer.send('POST', '/auth/oauth/oidc/link');
  t.match([link.status, codeOf(link)], [403, 'step-up-required']);
  const removal = await bearer.send('DELETE', `/auth/identities/${identity?.id ?? ''}`);
  t.match([removal.status, codeOf(removal)], [403, 'step-up-required']);
  t.equal((await listOf(bearer)).length, 1, 'looking does not');
  clock.ahead = 0;
});

t.test('what was disconnected signs nobody in by itself, and its owner is told', async (t) => {
  const bearer = await openBearer(auth);
  const name = newAccount('known-only-there@example.com');
  await connect(bearer, name);
  const [identity] = await listOf(bearer);
  const path = `/auth/identities/${identity?.id ?? ''}`;
  const stranger = await openBearer(auth);
  t.equal((await stranger.send('DELETE', path)).status, 404, 'another’s is not found');
  t.equal((await bearer.send('DELETE', path)).status, 204);
  t.equal((await bearer.send('DELETE', path)).status, 404);
  t.strictSame(await listOf(bearer), []);
  await comeBack(issuer, openBrowser(auth.url), name);
  t.equal((await sql`select from auth.sessions where user_id = ${bearer.id}`).length, 1);
  t.match(await sql`select event from auth.audit_events where user_id = ${bearer.id} order by id desc limit 1`, [
    { event: 'provider-disconnected' },
  ]);
  t.match(await waitForLetter(auth, bearer.email, /can no longer sign you in/), { text: /Example ID/ });
});

t.test('20: a session that is put out while it waits disconnects nothing', async (t) => {
  const bearer = await openBearer(auth);
  await connect(bearer, newAccount());
  const [identity] = await listOf(bearer);
  const removal = () => bearer.send('DELETE', `/auth/identities/${identity?.id ?? ''}`);
  t.equal(codeOf(await askWhilePutOut(auth, bearer.id, removal)), 'invalid-token');
  t.equal((await sql`select from auth.identities where user_id = ${bearer.id}`).length, 1);
});

t.test('20: whoever takes away ways in leaves none that was being connected', async (t) => {
  const bearer = await openBearer(auth);
  const { browser, at } = await setOutToConnect(bearer);
  const path = await signInAtIssuer(issuer, at, newAccount());
  const putOut = () =>
    sql`update auth.sessions set ended_at = now(), end_reason = 'revoked' where user_id = ${bearer.id}`;
  const answer = await askWhileLocked(auth, bearer.id, () => browser.get(path), putOut);
  t.match(landing(answer), { code: 'provider-answer-late' });
  t.equal((await sql`select from auth.identities where user_id = ${bearer.id}`).length, 0);
});

t.test('25: a provider alone adds itself to no account that has a second factor', async (t) => {
  const careful = await openCareful(auth);
  const { email, id, send } = careful;
  const name = newAccount(email);
  const browser = openBrowser(auth.url);
  t.match(landing(await comeBack(issuer, browser, name)), { page: '/sign-in/second-factor' });
  t.equal((await sql`select from auth.identities where user_id = ${id}`).length, 0);
  t.notOk((await readInbox(auth, email)).some(({ subject }) => /Example ID/.test(subject)));
  const bearer = { ...careful, get: (path: string) => send('GET', path) };
  t.match(await connect(bearer, name), { connected: 'oidc' }, 'in the settings it is added');

  await comeBack(issuer, browser, name);
  const [identity] = await listOf(bearer);
  t.equal((await send('DELETE', `/auth/identities/${identity?.id ?? ''}`)).status, 204);
  const late = await browser.post('/auth/mfa/verify', { code: '123456' });
  t.match([late.status, codeOf(late)], [401, 'challenge-unknown'], 'what it began ends with it');
});

t.test('a sign-in that waits while its provider is disconnected is refused', async (t) => {
  const name = `person-${++count}`;
  issuer.setAccount(name, { subject: `subject-${count}`, claims: { email: newAddress(), email_verified: false } });
  const bearer = await openBearer(auth);
  await connect(bearer, name);
  const remove = () => sql`delete from auth.identities where user_id = ${bearer.id}`;
  const signIn = () => comeBack(issuer, openBrowser(auth.url), name);
  t.match(landing(await askWhileLocked(auth, bearer.id, signIn, remove)), { code: 'address-unverified' });
  t.equal((await sql`select from auth.sessions where user_id = ${bearer.id}`).length, 1);
});

t.test('nobody removes their last way in: without a verified address it stays', async (t) => {
  const bearer = await openBearer(auth);
  await connect(bearer, newAccount());
  const [identity] = await listOf(bearer);
  await sql`update auth.users set email_verified_at = null where id = ${bearer.id}`;
  const answer = await bearer.send('DELETE', `/auth/identities/${identity?.id ?? ''}`);
  t.match([answer.status, codeOf(answer)], [409, 'last-way-in']);
  t.equal((await listOf(bearer)).length, 1);
});
