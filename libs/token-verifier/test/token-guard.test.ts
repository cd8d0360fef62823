import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type AddressInfo } from 'node:net';
import fastify from 'fastify';
import t, { type Test } from 'tap';
import { installRoleGuard, installTokenGuard } from '../src/fastify.ts';
import { openVerifier, serveKeys } from './harness.ts';
import { createKey, issue } from './issuer.ts';

const key = createKey();

async function openApp(t: Test, { keys = [key] } = {}) {
  const server = await serveKeys(t, ...keys);
  const { verifier } = await openVerifier(t, server.uri);
  const rejections: string[] = [];
  const app = fastify();
  app.get('/public', () => 'open');
  app.get('/careless', (request) => request.token.sub);
  void app.register(async (guarded) => {
    installTokenGuard(guarded, {
      verifier,
      onReject: (error) => rejections.push('reason' in error ? error.reason : error.problem),
    });
    guarded.get('/me', (request) => ({ sub: request.token.sub, roles: request.token.roles }));
    guarded.post('/things', { schema: { body: { type: 'object', required: ['name'] } } }, () => 'made');
    void guarded.register(async (nested) => void nested.get('/nested', (request) => request.token.sid));
    void guarded.register(async (staff) => {
      installRoleGuard(staff, 'admin');
      staff.get('/staff', () => 'everything');
      void staff.register(async (nested) => void nested.get('/staff/nested', () => 'everything'));
    });
  });
  t.teardown(() => app.close());
  return { app, verifier, rejections };
}

void t.test('a guarded route sees the claims, a public one needs none', async (t) => {
  const { app } = await openApp(t);
  const [sub, sid] = ['0199aaaa-0000-7000-8000-000000000001', '0199aaaa-0000-7000-8000-000000000002'];
  const authorization = `Bearer ${issue(key, { sub, sid })}`;
  for (let round = 0; round < 2; round += 1) {
    t.same((await app.inject({ url: '/me', headers: { authorization } })).json(), { sub, roles: ['user'] });
  }
  t.equal((await app.inject({ url: '/nested', headers: { authorization } })).body, sid);
  t.equal(
    (await app.inject({ url: '/me', headers: { authorization: authorization.replace('Bearer', 'bEARER') } }))
      .statusCode,
    200,
  );
  t.equal((await app.inject('/public')).body, 'open');
});

void t.test('without a bearer token a guarded route answers 401 and names no error', async (t) => {
  const { app, rejections } = await openApp(t);
  for (const authorization of [undefined, 'Basic YTpi', 'Bearertoken', 'DPoP x']) {
    const answer = await app.inject({ url: '/me', headers: authorization === undefined ? {} : { authorization } });
    t.equal(answer.statusCode, 401);
    t.equal(answer.headers['www-authenticate'], 'Bearer');
  }
  t.same(rejections, Array(4).fill('missing'));
});

void t.test('a bad token is 401 invalid_token, and the answer does not say why', async (t) => {
  const { app, rejections, verifier } = await openApp(t);
  await verifier.verify(issue(key));
  const expired = issue(key, { iat: 1, exp: 2 });
  for (const token of ['', 'x', `${expired} `, expired, `${issue(key)},${issue(key)}`, `"${issue(key)}"`]) {
    const answer = await app.inject({ url: '/me', headers: { authorization: `Bearer ${token}` } });
    t.equal(answer.statusCode, 401);
    t.equal(answer.headers['www-authenticate'], 'Bearer error="invalid_token"');
    t.notOk('retry-after' in answer.headers, 'trying again would not help');
    t.notMatch(answer.body, /issuer|signature|claims/);
  }
  t.same(rejections, ['malformed', 'malformed', 'signature', 'expired', 'malformed', 'malformed']);
});

void t.test('cookies, queries and bodies never carry a token', async (t) => {
  const { app } = await openApp(t);
  const token = issue(key);
  const answer = await app.inject({
    method: 'POST',
    url: `/things?access_token=${token}`,
    headers: { cookie: `access_token=${token}; token=${token}` },
    payload: { access_token: token, name: 'x' },
  });
  t.equal(answer.statusCode, 401);
});

void t.test('two Authorization headers are refused, whatever they say', async (t) => {
  const { app, rejections } = await openApp(t);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const token = issue(key);
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.end(
    `GET /me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\nauthorization: Bearer ${token}\r\n\r\n`,
  );
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  t.match(answer, /^HTTP\/1\.1 401 /);
  t.same(rejections, ['repeated-header']);
});

void t.test('over HTTP/2 the guard is the same', async (t) => {
  const { uri } = await serveKeys(t, key);
  const { verifier } = await openVerifier(t, uri);
  const app = fastify({ http2: true });
  t.teardown(() => app.close());
  const rejections: unknown[] = [];
  installTokenGuard(app, { verifier, onReject: (error) => rejections.push('reason' in error && error.reason) });
  app.get('/me', (request) => request.token.sub);
  const client = connectHttp2(await app.listen({ port: 0, host: '127.0.0.1' }));
  t.teardown(() => client.close());
  const ask = async (headers: Record<string, string>) => {
    const stream = client.request({ ':path': '/me', ...headers }).resume();
    const [answer] = (await once(stream, 'response')) as [Record<string, unknown>];
    return [answer[':status'], answer['www-authenticate']];
  };
  t.same(await ask({ authorization: `Bearer ${issue(key)}` }), [200, undefined]);
  t.same(await ask({ authorization: `Bearer ${issue(key)}x` }), [401, 'Bearer error="invalid_token"']);
  t.same(await ask({}), [401, 'Bearer']);
  t.same(rejections, ['signature', 'missing']);
});

void t.test('the token is checked before the body is read or validated', async (t) => {
  const { app } = await openApp(t);
  const refused = await app.inject({
    method: 'POST',
    url: '/things',
    payload: '{broken',
    headers: { 'content-type': 'application/json' },
  });
  t.equal(refused.statusCode, 401);
});

void t.test('without keys a guarded route answers 503, and a public one works', async (t) => {
  const { app, rejections } = await openApp(t, { keys: [] });
  const answer = await app.inject({ url: '/me', headers: { authorization: `Bearer ${issue(key)}` } });
  t.equal(answer.statusCode, 503);
  t.equal(answer.headers['retry-after'], '5');
  t.equal((await app.inject('/public')).statusCode, 200);
  t.same(rejections, ['keys-unavailable']);
});

void t.test('an unguarded route has no token to read, not even a valid one', async (t) => {
  const { app } = await openApp(t);
  const answer = await app.inject({ url: '/careless', headers: { authorization: `Bearer ${issue(key)}` } });
  t.equal(answer.statusCode, 500);
});

void t.test('whoever reads the token before the guard has looked at it is told so', async (t) => {
  const { verifier } = await openVerifier(t, (await serveKeys(t, key)).uri);
  const app = fastify();
  t.teardown(() => app.close());
  app.addHook('onRequest', async (request) => void request.token);
  installTokenGuard(app, { verifier });
  app.get('/me', () => 'me');
  const answer = await app.inject({ url: '/me', headers: { authorization: `Bearer ${issue(key)}` } });
  t.match([answer.statusCode, answer.json()], [500, { message: 'request.token was read outside a token guard' }]);
});

void t.test('nobody has to hear of refusals', async (t) => {
  const { verifier } = await openVerifier(t, (await serveKeys(t, key)).uri);
  const app = fastify();
  t.teardown(() => app.close());
  installTokenGuard(app, { verifier });
  app.get('/me', (request) => request.token.sub);
  t.equal((await app.inject('/me')).statusCode, 401);
});

void t.test('inside a role guard only tokens with the role go further, and everyone else gets 403', async (t) => {
  const { app, rejections } = await openApp(t);
  const ask = (url: string, roles: unknown[]) =>
    app.inject({ url, headers: { authorization: `Bearer ${issue(key, { roles })}` } });
  for (const url of ['/staff', '/staff/nested']) {
    t.equal((await ask(url, ['user', 'admin'])).statusCode, 200);
    for (const roles of [[], ['user'], ['Admin'], ['admin.x'], ['user', 'administrator']]) {
      const answer = await ask(url, roles);
      t.match([answer.statusCode, answer.json()], [403, { message: 'Your role does not allow this' }]);
    }
    t.equal((await app.inject(url)).statusCode, 401, 'without a token nobody is told of roles');
  }
  t.same(rejections, ['missing', 'missing']);
  t.equal((await ask('/me', ['user'])).statusCode, 200, 'outside it no role is asked for');
});

void t.test('a role guard without a token guard around it is a mistake that is said at once', async (t) => {
  const app = fastify();
  t.teardown(() => app.close());
  t.throws(() => installRoleGuard(app, 'admin'), /needs a scope with a token guard/);
});

void t.test('the verifier closes with the app, so that nothing keeps the process alive', async (t) => {
  const closed: string[] = [];
  const app = fastify();
  installTokenGuard(app, {
    verifier: { verify: () => Promise.reject(new Error('not asked')), close: () => closed.push('verifier') },
  });
  await app.ready();
  t.same(closed, []);
  await app.close();
  t.same(closed, ['verifier']);
});

void t.test('whatever else goes wrong in a verifier is no refusal', async (t) => {
  const rejections: unknown[] = [];
  const app = fastify();
  t.teardown(() => app.close());
  const close = () => undefined;
  let fail: () => never | Promise<never> = () => Promise.reject(new Error('broken'));
  installTokenGuard(app, { verifier: { verify: () => fail(), close }, onReject: (error) => rejections.push(error) });
  app.get('/', () => 'never');
  for (const broken of [
    fail,
    () => {
      throw new Error('broken');
    },
  ]) {
    fail = broken;
    const answer = await app.inject({ url: '/', headers: { authorization: 'Bearer x' } });
    t.equal(answer.statusCode, 500);
    t.equal(answer.headers['www-authenticate'], undefined);
  }
  t.same(rejections, []);
});
