import type { ServerResponse } from 'node:http';
import t from 'tap';
import { openBrowser, until } from './browser.ts';
import { createPerson, problem, type Auth } from './services.ts';

const stepped = 'anna-stepped-up';

/** Keeps the answer to a step-up until it is asked for. */
function holdStepUp(auth: Auth) {
  const { promise: arrived, resolve } = Promise.withResolvers<ServerResponse>();
  auth.before = (response) => {
    if (response.req.url !== '/auth/step-up') return false;
    resolve(response);
    return true;
  };
  return async () => {
    const response = await arrived;
    auth.valid.add(stepped);
    const user = createPerson('anna');
    response.end(JSON.stringify({ accessToken: stepped, tokenType: 'Bearer', expiresIn: 900, user }));
  };
}

void t.test('after a step-up every tab asks with the new token, and nothing is renewed', async (t) => {
  const { auth, api, openTabs } = await openBrowser(t);
  const [tab, other] = await openTabs(2);
  const before = auth.count('/auth/refresh');
  const answer = holdStepUp(auth);
  await Promise.all([tab.security.stepUp({ password: 'x' }), answer()]);
  await tab.me();
  t.equal(api.requests.at(-1)?.token, stepped);
  do await other.me();
  while (api.requests.at(-1)?.token !== stepped);
  t.equal(auth.count('/auth/refresh'), before);
});

void t.test('a step-up that is answered after a sign-out brings nobody back', async (t) => {
  const { auth, openTabs } = await openBrowser(t);
  const [tab, other] = await openTabs(2);
  const answer = holdStepUp(auth);
  const stepUp = tab.security.stepUp({ password: 'x' });
  await other.signOut();
  await until(tab, ({ status }) => status === 'signed-out');
  await Promise.all([stepUp, answer()]);
  t.same(tab.getState(), { status: 'signed-out', reason: 'elsewhere' });
  t.same(other.getState(), { status: 'signed-out', reason: 'here' });
});

void t.test('a step-up that is answered after somebody else signed in changes nothing of theirs', async (t) => {
  const { auth, openTabs } = await openBrowser(t);
  const [tab, other] = await openTabs(2);
  const answer = holdStepUp(auth);
  const stepUp = tab.security.stepUp({ password: 'x' });
  await other.verifyMagicLink({ token: 'bea' });
  await until(tab, (state) => state.status === 'signed-in' && state.user.name === 'bea');
  await Promise.all([stepUp, answer()]);
  t.match(tab.getState(), { status: 'signed-in', user: { name: 'bea' } });
  t.equal(await (await tab.me()).text(), 'bea');
  t.equal(await (await other.me()).text(), 'bea');
});

void t.test('where another token came meanwhile, one is asked for that knows of the step-up', async (t) => {
  const { auth, api, openTabs } = await openBrowser(t);
  const [tab] = await openTabs(2);
  const answer = holdStepUp(auth);
  const stepUp = tab.security.stepUp({ password: 'x' });
  await tab.restore();
  const before = auth.count('/auth/refresh');
  await Promise.all([stepUp, answer()]);
  t.equal(auth.count('/auth/refresh'), before + 1);
  await tab.me();
  t.not(api.requests.at(-1)?.token, stepped);
  t.match(tab.getState(), { status: 'signed-in', user: { name: 'anna' } });
});

void t.test('what a person does about how they sign in is asked with the token; refusals reject', async (t) => {
  const { auth, openTab } = await openBrowser(t);
  const tab = openTab();
  await tab.restore();
  const asked: unknown[] = [];
  auth.before = (response) => {
    const { method, url, headers } = response.req;
    asked.push([method, url, headers.authorization?.startsWith('Bearer anna-')]);
    if (url === '/auth/step-up') return problem(response, 403, 'step-up-failed');
    response.writeHead(204).end();
    return true;
  };
  await tab.security.removePasskey('1');
  await t.rejects(tab.security.stepUp({ code: '000000' }), { name: 'ServiceProblem', code: 'step-up-failed' });
  t.strictSame(asked, [
    ['DELETE', '/auth/passkeys/1', true],
    ['POST', '/auth/step-up', true],
  ]);
  t.match(tab.getState(), { status: 'signed-in' });
});

void t.test('a second factor is told of once, with where to go afterwards; whoever waits hears nothing', async (t) => {
  const { auth, openTab } = await openBrowser(t, { cookie: false });
  const wanted: { redirectTo: string | null }[] = [];
  const [tab, plain] = [openTab({}, { onSecondFactor: (told) => wanted.push(told) }), openTab()];
  await tab.restore();
  auth.before = (response) => {
    if (response.req.url !== '/auth/verify-magic-link') return false;
    const body = { type: 'about:blank', title: 'x', status: 403, code: 'second-factor-required', requestId: 'r' };
    response.writeHead(403, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ ...body, expiresIn: 600, redirectTo: '/plans' }));
    return true;
  };
  let settled = false;
  const settle = () => (settled = true);
  void tab.verifyMagicLink({ token: 'bea' }).then(settle, settle);
  await t.rejects(plain.verifyMagicLink({ token: 'bea' }), { code: 'second-factor-required' }, 'nobody listens');
  t.match(await tab.verifySecondFactor({ code: '123456' }), { user: { name: 'code' } });
  t.same(wanted, [{ redirectTo: '/plans' }]);
  t.equal(settled, false);
  t.match(tab.getState(), { status: 'signed-in' });
});
