import type { ServerResponse } from 'node:http';
import t from 'tap';
import { ServiceProblem } from '../src/index.ts';
import { expireAccessTokens, openBrowser, until } from './browser.ts';
import { createPerson, problem } from './services.ts';

void t.test('a link signs in here and in every other tab', async (t) => {
  const { auth, openTab } = await openBrowser(t, { cookie: false });
  const [tab, other] = [openTab(), openTab()];
  await Promise.all([tab.restore(), other.restore()]);
  t.same(await tab.sendMagicLink({ email: 'bea@example.com' }), { attemptId: 'a', expiresIn: 900, resendAfter: 30 });
  const { user, redirectTo } = await tab.verifyMagicLink({ token: 'bea' });
  t.match({ user, redirectTo }, { user: { name: 'bea' }, redirectTo: '/plans' });
  t.same(tab.getState(), { status: 'signed-in', user });
  t.same(await until(other, ({ status }) => status === 'signed-in'), { status: 'signed-in', user });
  t.equal(await (await other.me()).text(), 'bea');
  expireAccessTokens(auth);
  t.equal(await (await tab.me()).text(), 'bea', 'and the session is renewed like any other');
});

void t.test('a link that another browser asked for needs a confirmation', async (t) => {
  const { openTab } = await openBrowser(t, { cookie: false });
  const tab = openTab();
  await tab.restore();
  await t.rejects(tab.verifyMagicLink({ token: 'foreign' }), { name: 'ServiceProblem', code: 'different-browser' });
  t.same(tab.getState(), { status: 'signed-out', reason: 'none' });
  t.match(await tab.verifyMagicLink({ token: 'foreign', confirm: 'here' }), { redirectTo: '/plans' });
});

void t.test('a browser that waits is let in from another one by its number, in all its tabs', async (t) => {
  const { openTab } = await openBrowser(t, { cookie: false });
  const [waiting, other, elsewhere] = [openTab(), openTab(), openTab()];
  await Promise.all([waiting.restore(), other.restore()]);
  t.match(await waiting.lookAtAttempt('a'), { state: 'pending', number: '42' });
  await t.rejects(waiting.completeAttempt('a'), { name: 'ServiceProblem', code: 'attempt-pending' });
  await t.rejects(elsewhere.approveAttempt('a', { token: 'bea', number: '10' }), { code: 'number-invalid' });
  await elsewhere.approveAttempt('a', { token: 'bea', number: '42' });
  t.match(waiting.getState(), { status: 'signed-out' });
  t.match(await waiting.lookAtAttempt('a'), { state: 'approved' });
  t.match(await waiting.completeAttempt('a'), { user: { name: 'bea' }, redirectTo: '/plans' });
  t.match(await until(other, ({ status }) => status === 'signed-in'), { user: { name: 'bea' } });
});

void t.test('signed out in one tab, signed out in all', async (t) => {
  const { auth, jar, openTabs } = await openBrowser(t);
  const [tab, ...others] = await openTabs(10);
  await tab.signOut();
  t.same(tab.getState(), { status: 'signed-out', reason: 'here' });
  for (const other of others) {
    const state = await until(other, ({ status }) => status !== 'signed-in');
    t.same(state, { status: 'signed-out', reason: 'elsewhere' });
    t.equal((await other.me()).status, 401);
  }
  t.equal(jar.cookie, '');
  t.equal(auth.count('/auth/refresh'), 1, 'nobody tried to come back');
});

void t.test('whoever ends all their sessions hears so, and other tabs that they signed out', async (t) => {
  const { openTabs } = await openBrowser(t);
  const [tab, other] = await openTabs(2);
  await tab.signOutEverywhere();
  t.same(tab.getState(), { status: 'signed-out', reason: 'everywhere' });
  const state = await until(other, ({ status }) => status !== 'signed-in');
  t.same(state, { status: 'signed-out', reason: 'elsewhere' });
});

void t.test('a sign-out that did not happen is not shown as one', async (t) => {
  const { auth, openTabs } = await openBrowser(t);
  const [tab, other] = await openTabs(2);
  auth.before = (response) => problem(response, 503, 'service-unavailable');
  await t.rejects(tab.signOut(), ServiceProblem);
  for (const each of [tab, other]) t.equal(each.getState().status, 'signed-in');
});

void t.test('a refresh and a sign-out at the same moment end signed out', async (t) => {
  const { auth, jar, openTabs } = await openBrowser(t);
  const [tab, other] = await openTabs(2);
  expireAccessTokens(auth);
  await Promise.all([other.me(), tab.signOut()]);
  for (const each of [tab, other]) await until(each, ({ status }) => status === 'signed-out');
  t.equal(jar.cookie, '');
});

void t.test('a refresh that began before a sign-out cannot bring the session back', async (t) => {
  const { auth, api, openTab } = await openBrowser(t);
  // Nothing but the broadcast keeps these two in step.
  const [tab, other] = [openTab({ locks: undefined }), openTab({ locks: undefined })];
  await Promise.all([tab.restore(), other.restore()]);
  const asked = new Promise<ServerResponse>((resolve) => {
    auth.before = (response) => {
      auth.before = () => false;
      resolve(response);
      return true;
    };
  });
  const late = other.restore();
  const response = await asked;
  await tab.signOut();
  await until(other, ({ status }) => status === 'signed-out');
  response.end(JSON.stringify({ accessToken: 'late', user: createPerson('anna') }));
  await late;
  t.same(other.getState(), { status: 'signed-out', reason: 'elsewhere' });
  t.same(tab.getState(), { status: 'signed-out', reason: 'here' });
  t.equal((await other.me()).status, 401);
  t.same(api.requests, [{ token: undefined, body: '' }], 'the late token is not used');
});

void t.test('a refresh and a sign-in at the same moment end in the new session', async (t) => {
  const { auth, jar, openTabs } = await openBrowser(t);
  const [tab, other] = await openTabs(2);
  expireAccessTokens(auth);
  await Promise.all([other.me(), tab.verifyMagicLink({ token: 'bea' })]);
  await until(other, (state) => state.status === 'signed-in' && state.user.name === 'bea');
  t.equal(jar.cookie, auth.cookie());
});

void t.test('another account that signs in elsewhere is noticed', async (t) => {
  const { openTabs } = await openBrowser(t);
  const [tab, other] = await openTabs(2);
  await tab.verifyMagicLink({ token: 'bea' });
  await until(other, (state) => state.status === 'signed-in' && state.user.name === 'bea');
  t.equal(await (await other.me()).text(), 'bea');
});

void t.test('what one person asked for is never repeated as another', async (t) => {
  const { auth, api, openTab } = await openBrowser(t);
  // A tab that hears nothing of the others.
  const deaf = openTab({
    openChannel: () => ({ postMessage: () => undefined, addEventListener: () => undefined, close: () => undefined }),
  });
  await deaf.restore();
  await openTab().verifyMagicLink({ token: 'bea' });
  expireAccessTokens(auth);
  t.equal((await deaf.me({ method: 'DELETE' })).status, 401);
  t.equal(api.requests.length, 1);
  t.match(deaf.getState(), { status: 'signed-in', user: { name: 'bea' } });
});

void t.test('messages of other versions and strangers are not believed', async (t) => {
  const { auth, openTab } = await openBrowser(t);
  const tab = openTab();
  await tab.restore();
  const channel = new BroadcastChannel(`alva-session ${auth.url}`);
  t.teardown(() => channel.close());
  for (const message of [
    null,
    'out',
    {},
    { type: 'tokens' },
    { type: 'tokens', tokens: { accessToken: 1 } },
    { type: 'signed-out' },
  ]) {
    channel.postMessage(message);
  }
  channel.postMessage({ type: 'signed-out', byPerson: true });
  await until(tab, ({ status }) => status === 'signed-out');
  t.match(tab.getState(), { reason: 'elsewhere' });
});

void t.test('creating a session touches nothing, so pages can be drawn on a server', async (t) => {
  const { createAuthSession } = await import('../src/index.ts');
  const touched = () => {
    throw new Error('touched');
  };
  const session = createAuthSession({
    authUrl: 'http://a',
    apiUrls: [],
    browser: { fetch: touched, openChannel: touched },
  });
  t.same(session.getState(), { status: 'restoring' });
  session.close();
});
