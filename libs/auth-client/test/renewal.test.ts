import t from 'tap';
import { SessionUnavailable } from '../src/index.ts';
import { expireAccessTokens, openBrowser, until } from './browser.ts';
import { problem } from './services.ts';

void t.test('a 401 refreshes once and retries once, body and all', async (t) => {
  const { auth, api, openTab } = await openBrowser(t);
  const tab = openTab();
  await tab.restore();
  expireAccessTokens(auth);
  const answer = await tab.me({ method: 'POST', body: 'grüezi' });
  t.equal(await answer.text(), 'anna');
  t.equal(auth.count('/auth/refresh'), 2);
  t.match(api.requests, [{ body: 'grüezi' }, { body: 'grüezi' }]);
  t.not(api.requests[0]?.token, api.requests[1]?.token);
});

void t.test('a request that is refused again with the fresh token is not tried a third time', async (t) => {
  const { auth, api, openTab } = await openBrowser(t);
  const tab = openTab();
  await tab.restore();
  auth.valid.add = () => auth.valid;
  expireAccessTokens(auth);
  t.equal((await tab.me()).status, 401);
  t.equal(api.requests.length, 2);
  t.equal(auth.count('/auth/refresh'), 2);
  t.equal(tab.getState().status, 'signed-in', 'auth says who is signed in, not the api');
});

void t.test('many requests at once share one refresh', async (t) => {
  const { auth, openTab } = await openBrowser(t);
  const tab = openTab();
  await tab.restore();
  expireAccessTokens(auth);
  const answers = await Promise.all(Array.from({ length: 20 }, () => tab.me()));
  t.same(new Set(answers.map(({ status }) => status)), new Set([200]));
  t.equal(auth.count('/auth/refresh'), 2);
});

void t.test('ten tabs waking with an expired token: one refresh', async (t) => {
  const { auth, openTabs } = await openBrowser(t);
  const tabs = await openTabs(10);
  t.equal(auth.count('/auth/refresh'), 1, 'they were opened with one, too');
  for (let round = 2; round < 6; round += 1) {
    expireAccessTokens(auth);
    const answers = await Promise.all(tabs.map((tab) => tab.me()));
    t.same(new Set(answers.map(({ status }) => status)), new Set([200]));
    t.equal(auth.count('/auth/refresh'), round);
  }
});

void t.test('ten tabs restored together: one refresh, or one answer that nobody is signed in', async (t) => {
  for (const cookie of [true, false]) {
    const { auth, openTab } = await openBrowser(t, { cookie });
    const tabs = Array.from({ length: 10 }, () => openTab());
    await Promise.all(tabs.map((tab) => tab.restore()));
    const expected = cookie ? { status: 'signed-in' } : { status: 'signed-out', reason: 'none' };
    for (const tab of tabs) t.match(tab.getState(), expected);
    t.equal(auth.count('/auth/refresh'), 1);
  }
});

void t.test(
  'where browsers offer no locks, auth’s answer of the same successor keeps every tab signed in',
  async (t) => {
    const { openTab } = await openBrowser(t);
    const tabs = Array.from({ length: 5 }, () => openTab({ locks: undefined }));
    await Promise.all(tabs.map((tab) => tab.restore()));
    for (const tab of tabs) t.equal(tab.getState().status, 'signed-in');
    for (const tab of tabs) t.equal((await tab.me()).status, 200);
  },
);

void t.test('an outage is not a sign-out: requests fail, the person stays, and it mends itself', async (t) => {
  const { auth, openTab } = await openBrowser(t);
  const tab = openTab();
  await tab.restore();
  expireAccessTokens(auth);
  const failures: (typeof auth.before)[] = [
    (response) => problem(response, 503, 'service-unavailable'),
    (response) => problem(response, 500, 'internal-error'),
    (response) => problem(response, 403, 'origin-not-allowed'),
    (response) => response.end('<html>Hotel network</html>').writableEnded,
    (response) => response.destroy().destroyed,
  ];
  for (const fail of failures) {
    auth.before = fail;
    await t.rejects(tab.me(), SessionUnavailable);
    t.equal(tab.getState().status, 'signed-in');
  }
  auth.before = () => false;
  t.equal((await tab.me()).status, 200);
});

void t.test('an answer that never comes is not a sign-out', async (t) => {
  const { auth, openTab } = await openBrowser(t);
  const tab = openTab();
  await tab.restore();
  expireAccessTokens(auth);
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  t.intercept(AbortSignal, 'timeout', { value: (milliseconds: number) => timeout(milliseconds / 200) });
  auth.before = () => true;
  await t.rejects(tab.me(), SessionUnavailable);
  t.equal(tab.getState().status, 'signed-in');
  auth.before = () => false;
  t.equal((await tab.me()).status, 200);
});

void t.test(
  'an outage while the page opens is told as one, and ends by itself or when the network is back',
  async (t) => {
    for (const wake of [
      (tab: { network: EventTarget }) => tab.network.dispatchEvent(new Event('online')),
      () => true,
    ]) {
      const { auth, openTab } = await openBrowser(t);
      const tab = openTab();
      auth.before = (response) => problem(response, 503, 'service-unavailable');
      await tab.restore();
      t.same(tab.getState(), { status: 'unavailable' });
      await t.rejects(tab.me(), SessionUnavailable);
      auth.before = () => false;
      wake(tab);
      await until(tab, ({ status }) => status === 'signed-in');
    }
  },
);

void t.test('ten tabs in an outage ask once, and all hear when it is over', async (t) => {
  const { auth, openTab } = await openBrowser(t);
  const last = openTab();
  const tabs = [...Array.from({ length: 9 }, () => openTab()), last];
  auth.before = (response) => problem(response, 503, 'service-unavailable');
  await Promise.all(tabs.map((tab) => tab.restore()));
  for (const tab of tabs) t.same(tab.getState(), { status: 'unavailable' });
  t.equal(auth.count('/auth/refresh'), 1);
  auth.before = () => false;
  await last.restore();
  await Promise.all(tabs.map((tab) => until(tab, ({ status }) => status === 'signed-in')));
  t.equal(auth.count('/auth/refresh'), 2);
});

void t.test('Retry-After is honoured: nobody is asked again before', async (t) => {
  const { auth, openTab } = await openBrowser(t);
  const tab = openTab();
  auth.before = (response) => problem(response, 429, 'rate-limited', { 'retry-after': '1' });
  const asked = Date.now();
  await tab.restore();
  auth.before = () => false;
  await tab.restore();
  tab.network.dispatchEvent(new Event('online'));
  await t.rejects(tab.me(), SessionUnavailable);
  t.same(tab.getState(), { status: 'unavailable' });
  t.equal(auth.count('/auth/refresh'), 1);
  await until(tab, ({ status }) => status === 'signed-in');
  t.ok(Date.now() - asked >= 1000);
});

void t.test('a retried refresh after a lost answer does not sign out', async (t) => {
  const { auth, openTab } = await openBrowser(t);
  const tab = openTab();
  await tab.restore();
  expireAccessTokens(auth);
  let lost = 0;
  auth.before = (response) => {
    lost += 1;
    if (lost > 1) return false;
    // Carried out, and its answer lost on the way.
    auth.current += 1;
    response.destroy();
    return true;
  };
  t.equal((await tab.me()).status, 200);
  t.equal(tab.getState().status, 'signed-in');
  t.equal(lost, 2);
});

void t.test('a session that was ended elsewhere ends in all tabs, and says so', async (t) => {
  const { auth, openTabs } = await openBrowser(t);
  const [tab, other] = await openTabs(2);
  auth.person = undefined;
  expireAccessTokens(auth);
  t.equal((await tab.me()).status, 401);
  t.same(tab.getState(), { status: 'signed-out', reason: 'ended' });
  t.same(await until(other, ({ status }) => status !== 'signed-in'), { status: 'signed-out', reason: 'ended' });
});

void t.test('tokens are sent to the api and to auth, and to nobody else', async (t) => {
  const { openTab } = await openBrowser(t);
  const tab = openTab();
  await tab.restore();
  await t.rejects(tab.fetch('https://evil.example/'), TypeError);
});

void t.test('a request waits until it is known who is signed in', async (t) => {
  const { auth, openTab } = await openBrowser(t);
  t.equal((await openTab().me()).status, 200, 'nobody had to restore first');
  t.equal(auth.count('/auth/refresh'), 1);
});

void t.test('without a session requests go out without a token, and refresh nothing', async (t) => {
  const { auth, api, openTab } = await openBrowser(t, { cookie: false });
  const tab = openTab();
  await tab.restore();
  t.equal((await tab.me()).status, 401);
  t.equal(api.requests[0]?.token, undefined);
  t.equal(auth.count('/auth/refresh'), 1);
});
