import { createDisposer, createLogger, openCounters } from '@alva/service-kit';
import { createTestRedis, openTcpProxy, type TcpProxy } from '@alva/testing';
import t, { type Test } from 'tap';
import { newAddress, startAuth, webOrigin, type Auth } from './support/auth.ts';
import { ask, openBrowser } from './support/browser.ts';
import { openSession, successorIn } from './support/sessions.ts';
import { askForLink } from './support/sign-in.ts';

let networks = 0;
const newNetwork = () => `192.0.2.${++networks}`;

const redis = await createTestRedis(t);
if (redis) await testWith(redis.url);
else t.comment('no test Redis: skipped');

async function testWith(redisUrl: string): Promise<void> {
  const line = await openTcpProxy(t, redisUrl);
  const logged: string[] = [];
  const [near, far] = [openPatiently(line.url, logged), openPatiently(redisUrl, [])];
  const env = { REFRESH_FAILURE_LIMIT: '6/5m', LINK_LIMIT_PER_ADDRESS: '4/5m', TRUST_PROXY: '1' };
  const one = await startAuth(t, { env, counters: near });
  const two = await startAuth(t, { database: one.database, env, counters: far });
  const untilShared = () => untilHeard(near, far);
  await untilShared();

  t.test('two copies share their limits', async (t) => {
    const address = newNetwork();
    const statuses = [];
    for (let count = 0; count < 8; count++) statuses.push(await failFrom(count % 2 ? one : two, address));
    t.strictSame(statuses, [401, 401, 401, 401, 401, 401, 429, 429]);

    const headers = { 'x-forwarded-for': newNetwork() };
    const send = ({ url }: Auth) =>
      ask(`${url}/auth/send-magic-link`, { method: 'POST', body: { email: newAddress() }, headers });
    const sends = await Promise.all(Array.from({ length: 30 }, (_, index) => send(index % 2 ? one : two)));
    t.equal(sends.filter(({ status }) => status === 202).length, 4);
  });

  for (const trouble of ['cut', 'stall'] as const) {
    t.test(`36: Redis ${trouble}: what was counted still counts, and copies share again afterwards`, async (t) => {
      const [address, later] = [newNetwork(), newNetwork()];
      for (let count = 0; count < 4; count++) t.equal(await failFrom(one, address), 401);
      line[trouble]();
      const statuses = [];
      for (let count = 0; count < 4; count++) statuses.push(await failFrom(one, address));
      t.strictSame(statuses, [401, 401, 429, 429]);
      t.equal(await failFrom(two, address), 401, 'the other copy goes on with what Redis had');

      line.restore();
      await untilShared();
      for (let count = 0; count < 6; count++) t.equal(await failFrom(count % 2 ? one : two, later), 401);
      t.strictSame([await failFrom(one, later), await failFrom(two, later)], [429, 429]);
    });
  }

  t.test('36: that limits are no longer shared is said once, and so is that they are again', async (t) => {
    const before = logged.length;
    const away = newNetwork();
    line.cut();
    for (let count = 0; count < 50; count++) await failFrom(one, away);
    line.restore();
    await untilShared();
    const said = logged.slice(before).map((entry) => JSON.parse(entry) as { level: string; msg: string });
    t.strictSame(
      said.filter(({ level }) => level !== 'debug').map(({ level, msg }) => `${level}: ${msg}`),
      [
        'warn: rate limits are counted in this process while Redis fails',
        'info: rate limits are shared through Redis again',
      ],
    );
  });

  t.test('36: a connection to Redis that falls silent for good is given up for a new one', async (t) => {
    line.forsake();
    await untilShared();
    const address = newNetwork();
    for (let count = 0; count < 6; count++) t.equal(await failFrom(count % 2 ? one : two, address), 401);
    t.strictSame([await failFrom(one, address), await failFrom(two, address)], [429, 429]);
  });

  await t.test('36: Redis gone: nobody who signs in or renews waits for it', async (t) => {
    for (const trouble of ['cut', 'stall'] as const) await signInDuring(t, line, trouble);
  });

  await t.test('36: Redis gone: a copy stays in service, and only mail cannot be asked for', (t) =>
    staysReady(t, line),
  );
}

/** Everything through Redis, as it is deployed. */
async function staysReady(t: Test, line: TcpProxy): Promise<void> {
  const auth = await startAuth(t, { env: { REDIS_URL: line.url } });
  const browser = openBrowser(auth.url);
  const { token: link } = await askForLink(auth, browser, newAddress());
  const { token } = await openSession(auth);
  const readyz = () => ask(`${auth.url}/readyz`);
  t.match(await readyz(), { status: 200, text: '{"status":"ok"}' });

  line.cut();
  t.match(await readyz(), { status: 200, json: { status: 'ok', degraded: ['queue'] } });
  t.match(await auth.metrics.registry.metrics(), /^readiness_check_passes\{check="queue".* 0$/m);
  t.equal((await browser.post('/auth/send-magic-link', { email: newAddress() })).status, 503);
  t.equal((await browser.post('/auth/verify-magic-link', { token: link })).status, 200);
  successorIn(await openBrowser(auth.url, [['refresh_token', token]]).post('/auth/refresh'));

  line.restore();
  while ('degraded' in ((await readyz()).json as object));
  t.equal((await browser.post('/auth/send-magic-link', { email: newAddress() })).status, 202, 'and back by itself');
}

/** With the patience of production, and queues on Postgres. */
async function signInDuring(t: Test, line: TcpProxy, trouble: 'cut' | 'stall'): Promise<void> {
  const disposer = createDisposer();
  const log = createLogger({ name: 'auth', level: 'silent' });
  t.teardown(() => disposer.dispose());
  const auth = await startAuth(t, { counters: openCounters({ redisUrl: line.url, log, disposer }) });
  const browser = openBrowser(auth.url);
  const { token } = await openSession(auth);
  line[trouble]();
  const times: number[] = [];
  const timed = async <Result>(work: Promise<Result>) => {
    const started = performance.now();
    const result = await work;
    times.push(performance.now() - started);
    return result;
  };
  const { token: link } = await askForLink(auth, browser, newAddress());
  t.equal((await timed(browser.post('/auth/verify-magic-link', { token: link }))).status, 200);
  for (let current = token, count = 0; count < 30; count++) {
    current = successorIn(await timed(openBrowser(auth.url, [['refresh_token', current]]).post('/auth/refresh')));
  }
  line.restore();
  const [fastest = NaN, ...others] = times.toSorted((a, b) => a - b);
  const median = others[15] ?? NaN;
  const slowest = others.at(-1) ?? NaN;
  t.comment(`${trouble}: ${fastest.toFixed(1)} ms, median ${median.toFixed(1)} ms, slowest ${slowest.toFixed(1)} ms`);
  t.ok(slowest < 1_000);
  t.ok(median < 100, 'and most do not wait at all');
}

async function failFrom({ url }: Auth, address: string): Promise<number> {
  const headers = { origin: webOrigin, cookie: `refresh_token=${'A'.repeat(43)}`, 'x-forwarded-for': address };
  return (await ask(`${url}/auth/refresh`, { method: 'POST', headers })).status;
}

/** As a service opens them, but for a patience that a busy machine does not exhaust. */
function openPatiently(redisUrl: string, logged: string[]) {
  const disposer = createDisposer();
  const destination = { write: (line: string) => logged.push(line) };
  t.teardown(() => disposer.dispose());
  const log = createLogger({ name: 'auth', level: 'debug', destination });
  return openCounters({ redisUrl, log, disposer, patienceMs: 1_500 });
}

/** Until copies know of each other's counts: when they have just begun, or Redis has just come back. */
async function untilHeard(one: ReturnType<typeof openCounters>, two: ReturnType<typeof openCounters>): Promise<void> {
  for (;;) {
    const limit = { name: crypto.randomUUID(), max: 10, windowSeconds: 60 };
    await one.take(limit, 'key');
    if ((await two.read(limit, 'key')).hits === 1) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
