import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { openTcpProxy } from '@alva/testing';
import t, { type Test } from 'tap';
import type { Person, Reply } from '../support/person.ts';
import { createStack, onEachStore, type Api, type Stack } from '../support/stack.ts';

const webUrl = 'http://localhost:3000';
const navigation = { accept: 'text/html,*/*;q=0.8' };
const listing = '/api/queues?activeQueue=jobs&page=1&jobsPerPage=10';

const adminOf = (stack: Stack, api: Api) => stack.person(api, { roles: ['user', 'admin'] });

function askToEnter(person: Person, headers: Record<string, string> = { origin: webUrl }): Promise<Reply> {
  return person.send('POST', '/admin/queues/enter', undefined, headers);
}

/** What the browser of an administrator who came in sends with every request to the board. */
async function enter(t: Test, admin: Person): Promise<string> {
  const { status, headers } = await askToEnter(admin);
  t.equal(status, 204);
  return headers.getSetCookie().join().split(';')[0] ?? '';
}

async function look(api: Api, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(`${api.url}/admin/queues${path}`, { method, headers });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? (JSON.parse(text) as unknown) : null,
  };
}

onEachStore('administrators see the queues of the api, without a word that people wrote', async (t, stack) => {
  const api = await stack.api();
  const { queues } = api.resources;
  const cookie = await enter(t, await adminOf(stack, api));
  const ada = await stack.person(api);
  await ada.hasProfile();
  const { jobId } = await ada.generate();
  const written = 'This is what somebody wrote';
  await queues.queue('jobs').bull.add('jobs', { jobId: randomUUID(), written }, { jobId: 'strange' });
  queues.worker('user-forgotten', async () => {
    throw new Error(`Failed query: insert\nparams: ${written}`);
  });
  const [forgotten, failing] = [queues.queue('user-forgotten'), randomUUID()];
  await forgotten.add({ deletionId: randomUUID() }, { id: failing, attempts: 1 });
  while ((await forgotten.counts()).failed === 0) await turn();

  const list = await look(api, listing, { cookie });
  t.equal(list.status, 200);
  t.equal(list.headers.get('cache-control'), 'no-store');
  t.match(list.body, {
    queues: [
      { name: 'jobs', readOnlyMode: true, counts: { waiting: 2 } },
      { name: 'user-deleted', readOnlyMode: true },
      { name: 'user-forgotten', readOnlyMode: true, counts: { failed: 1 } },
    ],
  });
  t.equal((list.body as { queues: unknown[] }).queues.length, 3, 'and no others');
  t.match(list.text, `"data":{"jobId":"${jobId}"}`);
  const failed = await look(api, `/api/queues/user-forgotten/${failing}`, { cookie });
  t.match(failed, { status: 200, body: { status: 'failed', job: { failedReason: /log/, stacktrace: [] } } });
  for (const { text } of [list, failed, await look(api, '/api/queues/jobs/strange', { cookie })]) {
    t.notMatch(text, new RegExp(written));
  }

  t.match(await look(api, `/api/queues/jobs/${jobId}`, { cookie }), { status: 200, body: { status: 'waiting' } });
  t.match(await look(api, `/api/queues/jobs/${jobId}/logs`, { cookie }), { status: 200, body: [] });
  t.match(await look(api, `/api/queues/jobs/${jobId}/flow`, { cookie }), { status: 200, body: { isFlowNode: false } });
  t.match(await look(api, '/api/redis/stats', { cookie }), { status: 200, body: { backend: stack.store } });
  t.equal((await look(api, '/api/queues/mail/x', { cookie })).status, 404, 'mail is for auth to look after');
  t.match(await look(api, '/nothing', { cookie }), { status: 404, body: { code: 'not-found' } });

  for (const [method, path] of [
    ['PUT', '/api/queues/jobs/pause'],
    ['PUT', '/api/queues/pause'],
    ['PUT', '/api/queues/jobs/empty'],
    ['PUT', '/api/queues/jobs/obliterate'],
    ['PUT', `/api/queues/jobs/${jobId}/clean`],
    ['PATCH', `/api/queues/jobs/${jobId}/update-data`],
    ['POST', '/api/queues/jobs/add'],
    ['DELETE', ''],
  ] as const) {
    t.match(await look(api, path, { cookie }, method), { status: 405, body: { code: 'method-not-allowed' } }, path);
  }
  t.match(await queues.queue('jobs').counts(), { waiting: 2 }, 'nothing was changed');
  t.equal(await queues.queue('jobs').bull.isPaused(), false);
});

void t.test('the board is one page of ours with files of ours, and asks nobody else for anything', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const cookie = await enter(t, await adminOf(stack, api));
  const page = await look(api, '', { cookie, ...navigation });
  t.equal(page.status, 200);
  for (const path of ['/', '/queue/jobs', `/queue/jobs/${randomUUID()}`]) {
    t.equal((await look(api, path, { cookie, ...navigation })).text, page.text, path);
  }
  t.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  t.equal(page.headers.get('cache-control'), 'no-store');
  t.match(
    page.headers.get('content-security-policy'),
    /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'/,
  );
  t.notMatch(page.headers.get('content-security-policy'), /unsafe|http|\*/);
  t.notMatch(page.text, /\/\/\w|fonts|<style|style=/, 'no foreign address, nothing inline');

  const files = [...page.text.matchAll(/(?:href|src)="(static\/[^"]+)"/g)].map(([, path = '']) => path);
  t.ok(files.some((path) => path.endsWith('.js')) && files.some((path) => path.endsWith('.css')));
  for (const path of [...files, 'static/locales/en-GB/messages.json']) {
    const file = await look(api, `/${path}`, { cookie });
    t.match(file.headers.get('content-type'), /javascript|css|svg|json/, path);
    t.match(Object.fromEntries(file.headers), { 'x-content-type-options': 'nosniff', 'cache-control': /^private/ });
    t.ok(file.status === 200 && file.text.length > 100, path);
    t.equal((await look(api, `/${path}`)).status, 401, 'nobody else gets as much as a file');
  }
  for (const path of [
    '/static/',
    '/static/js',
    '/static/../index.ejs',
    '/static/..%2f..%2fpackage.json',
    '/static/constructor',
  ]) {
    t.equal((await look(api, path, { cookie })).status, 404, path);
  }
});

void t.test('the board opens to administrators who came in from our pages lately, and to nobody else', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const { issuer } = stack;
  const [admin, ada] = [await adminOf(stack, api), await stack.person(api)];
  const now = Math.floor(Date.now() / 1000);

  t.match(await askToEnter(ada), { status: 403, body: { code: 'forbidden' } });
  const stale = await stack.person(api, { roles: ['admin'], auth_time: now - 660 });
  t.match(await askToEnter(stale), { status: 403, body: { code: 'step-up-required', maxAge: 600 } });
  const elsewhere: Record<string, string>[] = [
    {},
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: webUrl, 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'none' },
  ];
  for (const headers of elsewhere) {
    const reply = await askToEnter(admin, headers);
    t.match(reply, { status: 403, body: { code: 'origin-not-allowed' } }, JSON.stringify(headers));
    t.strictSame(reply.headers.getSetCookie(), []);
  }
  t.equal(
    (await askToEnter(admin, { origin: 'https://evil.example' })).headers.get('access-control-allow-origin'),
    null,
  );

  const entered = await askToEnter(admin);
  t.equal(entered.headers.get('access-control-allow-origin'), webUrl);
  t.equal(entered.headers.get('cache-control'), 'no-store');
  const [set = '', ...others] = entered.headers.getSetCookie();
  t.match(set, /^queue_board=[\w.-]+; Max-Age=(900|89\d); Path=\/admin\/queues; HttpOnly; SameSite=Strict$/);
  t.same(others, []);
  const cookie = set.split(';')[0] ?? '';
  t.equal((await look(api, listing, { cookie: `other=1; ${cookie}; another=2` })).status, 200);
  for (const path of ['/plans', '/admin/jobs', '/jobs']) {
    t.equal(
      (await fetch(api.url + path, { headers: { cookie } })).status,
      401,
      `the cookie opens nothing else: ${path}`,
    );
  }

  const late = now - 3600;
  const expired = await issuer.issue({ roles: ['admin'], iat: late - 900, exp: late, auth_time: late - 900 });
  const refused: [string, Record<string, string>, number, string][] = [
    ['nothing', {}, 401, 'authentication-required'],
    ['a token in the header', { authorization: `Bearer ${admin.token}` }, 401, 'authentication-required'],
    ['nonsense', { cookie: 'queue_board=x.y.z' }, 401, 'invalid-token'],
    ['an expired token', { cookie: `queue_board=${expired}` }, 401, 'invalid-token'],
    ['two of them', { cookie: `${cookie}; ${cookie}` }, 401, 'invalid-token'],
    ['the token of somebody else', { cookie: `queue_board=${ada.token}` }, 403, 'forbidden'],
  ];
  for (const [what, headers, status, code] of refused) {
    for (const path of ['', listing, '/api/queues/jobs/x', '/static/images/logo.svg']) {
      const answer = await look(api, path, headers);
      t.match(answer, { status, body: { code } }, `${what}: ${path}`);
      t.equal(answer.headers.has('www-authenticate'), status === 401);
      const page = await look(api, path, { ...headers, ...navigation });
      t.equal(page.status, status);
      t.match(page.headers.get('content-type'), /^text\/html/);
      t.match(page.headers.get('content-security-policy'), /^default-src 'none'; style-src 'sha256-/);
      t.match(page.text, status === 401 ? webUrl : /for administrators/, 'says where to go');
    }
    t.match(await look(api, '/api/queues/jobs/pause', headers, 'PUT'), { status }, what);
  }

  const secure = await stack.api({ API_URL: 'https://api.example.com' });
  const [behindTls = ''] = (await askToEnter(admin.at(secure.url))).headers.getSetCookie();
  t.match(behindTls, /^__Secure-queue_board=.*; HttpOnly; SameSite=Strict; Secure$/);
});

onEachStore('28: the board is closed on every copy within 1 s of the end of the session', async (t, stack) => {
  const apis = [await stack.api(), await stack.api()] as const;
  const admin = await adminOf(stack, apis[0]);
  const cookie = await enter(t, admin);
  for (const api of apis) t.equal((await look(api, listing, { cookie })).status, 200);
  const before = performance.now();
  await stack.endSession(apis[1], admin.sid);
  for (const api of apis) while ((await look(api, listing, { cookie })).status === 200) await turn();
  t.ok(performance.now() - before < 1000);
  for (const api of apis)
    t.match(await look(api, listing, { cookie }), { status: 401, body: { code: 'invalid-token' } });
});

void t.test(
  '34: while the store is down the board says so within 3 s, and shows the queues again after it',
  async (t) => {
    const stack = await createStack(t);
    const line = await openTcpProxy(t, stack.database.url);
    const api = await stack.api({ DATABASE_URL: line.url });
    const cookie = await enter(t, await adminOf(stack, api));
    t.equal((await look(api, listing, { cookie })).status, 200);
    line.stall();
    const asked = performance.now();
    const answer = await look(api, listing, { cookie });
    t.match(answer, { status: 503, body: { code: 'service-unavailable' } });
    t.ok(answer.headers.get('retry-after'));
    t.ok(performance.now() - asked < 3_000);
    line.restore();
    while ((await look(api, listing, { cookie })).status !== 200) await turn();
  },
);

void t.test('a board that could not be opened once is opened when it is asked for again', async (t) => {
  const stack = await createStack(t);
  const api = await stack.api();
  const { queues } = api.resources;
  const board = queues.board.bind(queues);
  let times = 0;
  t.intercept(queues, 'board', {
    value: async (...given: Parameters<typeof board>) => {
      times += 1;
      if (times === 1) throw new Error('EMFILE: too many open files');
      return board(...given);
    },
  });
  const cookie = await enter(t, await adminOf(stack, api));
  t.equal((await look(api, listing, { cookie })).status, 500);
  for (let again = 0; again < 2; again++) t.equal((await look(api, listing, { cookie })).status, 200);
  t.equal(times, 2, 'and is opened once then');
});
