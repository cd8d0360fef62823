import { once } from 'node:events';
import { request as send, type IncomingMessage } from 'node:http';
import t from 'tap';
import { openAdmin, openBearer } from '../support/admin.ts';
import { startAuth, webOrigin } from '../support/auth.ts';
import { ask } from '../support/browser.ts';

const auth = await startAuth(t);
const admin = await openAdmin(auth);
const user = await openBearer(auth);

/** As the service describes itself, so a route that is added is looked at too. */
async function adminRoutes(): Promise<{ method: string; path: string }[]> {
  const { json } = await ask(`${auth.url}/openapi.json`);
  const { paths } = json as { paths: Record<string, Record<string, object>> };
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/admin'))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase(),
        path: path.replaceAll(/\{\w+\}/g, user.id),
      })),
    );
}

t.test('a person without the role sees 403 on every admin route, whatever they send', async (t) => {
  const routes = await adminRoutes();
  t.ok(routes.length >= 8);
  const before = await auth.database.sql`select * from auth.users order by id`;
  for (const { method, path } of routes) {
    const name = `${method} ${path}`;
    const body = method !== 'PATCH' && method !== 'POST' ? undefined : { roles: ['user', 'admin'] };
    t.match(await user.send(method, path, body), { status: 403, json: { code: 'forbidden' } }, name);
    t.match(await user.send(method, `${path}?limit=x`, body), { status: 403 }, `${name}, before anything is read`);
    t.match(
      await ask(auth.url + path, { method, body }),
      { status: 401, json: { code: 'authentication-required' } },
      name,
    );
    const forged = { authorization: `Bearer ${user.tokens.accessToken.slice(0, -4)}AAAA` };
    t.match(await ask(auth.url + path, { method, body, headers: forged }), { status: 401 }, name);
    const cookie = { cookie: `refresh_token=${admin.browser.cookies.get('refresh_token') ?? ''}`, origin: webOrigin };
    t.match(
      await ask(auth.url + path, { method, body, headers: cookie }),
      { status: 401 },
      `${name}, cookies count for nothing`,
    );
  }
  t.strictSame(await auth.database.sql`select * from auth.users order by id`, before);
});

t.test('answers to administrators are stored nowhere and read by our pages only', async (t) => {
  for (const { path } of (await adminRoutes()).filter(({ method }) => method === 'GET')) {
    const { status, headers } = await admin.send('GET', path, undefined, { origin: 'https://evil.example' });
    t.equal(status, 200, path);
    t.match(headers, { 'cache-control': 'no-store', 'content-security-policy': /^default-src 'none'/ }, path);
    t.equal(headers['access-control-allow-origin'], undefined, path);
    const ours = await admin.send('GET', path, undefined, { origin: webOrigin });
    t.equal(ours.headers['access-control-allow-origin'], webOrigin);
  }
});

t.test('whoever loses the role loses it at once, whatever their token says', async (t) => {
  const former = await openAdmin(auth);
  t.equal((await former.get('/admin/users')).status, 200);
  await auth.database.sql`update auth.users set roles = '{user}' where id = ${former.id}`;
  t.equal((await former.get('/admin/users')).status, 403);
});

t.test('whoever holds back the body of a request is looked at again when it has come', async (t) => {
  const body = JSON.stringify({ disabled: true });
  for (const framing of [{ 'content-length': String(body.length) }, { 'transfer-encoding': 'chunked' }]) {
    const former = await openAdmin(auth);
    const request = send(`${auth.url}/admin/users/${user.id}`, {
      method: 'PATCH',
      headers: { ...framing, 'content-type': 'application/json', authorization: `Bearer ${former.tokens.accessToken}` },
    });
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    request.write(body.slice(0, 1));
    // Served after its headers were, each with a question to the same database.
    for (let time = 0; time < 5; time++) t.equal((await former.get('/auth/me')).status, 200);
    await former.send('POST', '/auth/logout-all', undefined, {
      origin: webOrigin,
      cookie: `refresh_token=${former.browser.cookies.get('refresh_token') ?? ''}`,
    });
    request.end(body.slice(1));
    const [answer] = await answered;
    t.equal(answer.resume().statusCode, 401, Object.keys(framing).join());
  }
  const [row] = await auth.database.sql`select disabled_at from auth.users where id = ${user.id}`;
  t.strictSame(row, { disabled_at: null });
});
