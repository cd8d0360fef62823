import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { createDisposer } from '../src/index.ts';
import { openHttpProxy } from './support/http-proxy.ts';

interface Line {
  msg: string;
  addresses?: string[];
  err?: { message: string };
}

/** Runs the fixture as a process of its own; `said` waits for a log line. */
function start(t: Test, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [`${import.meta.dirname}/fixtures/slow-service.ts`], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'test', DATABASE_URL: 'postgres://localhost/none', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  createInterface(child.stdout).on('line', (line) => {
    lines.push(JSON.parse(line) as Line);
    for (const wake of waiting) wake();
  });
  const said = (msg: string) =>
    new Promise<Line>((resolve) => {
      const look = () => {
        const line = lines.find((candidate) => candidate.msg === msg);
        if (!line) return;
        waiting.delete(look);
        resolve(line);
      };
      waiting.add(look);
      look();
    });
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return { child, lines, said, exited, complaints: text(child.stderr) };
}

async function ready(service: ReturnType<typeof start>): Promise<[publicAddress: string, internalAddress: string]> {
  const { addresses = [] } = await service.said('ready');
  return [addresses[0] ?? '', addresses[1] ?? ''];
}

void t.test('a thousand clients that come at once are all let in, even while the process is held up', async (t) => {
  const service = start(t);
  const [address] = await ready(service);
  const { port } = new URL(address);
  // Nobody accepts now: what the system keeps in the queue is connected, the others would have to try again after a second.
  service.child.kill('SIGSTOP');
  const sockets = Array.from({ length: await mostWaiting(1_000) }, () => connect(Number(port), '127.0.0.1'));
  t.teardown(() => sockets.forEach((socket) => socket.destroy()));
  const since = performance.now();
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  t.ok(performance.now() - since < 900, `${Math.round(performance.now() - since)} ms`);
  service.child.kill('SIGCONT');
  t.equal((await fetch(`${address}/readyz`)).status, 200);
});

/** The system may allow fewer. */
async function mostWaiting(wanted: number): Promise<number> {
  const allowed = await readFile('/proc/sys/net/core/somaxconn', 'utf8').catch(() => '128');
  return Math.min(wanted, Number(allowed));
}

void t.test('SIGTERM finishes what is in flight, closes in reverse order and exits 0', async (t) => {
  const service = start(t);
  const [address] = await ready(service);
  const answer = fetch(`${address}/slow`);
  await service.said('slow started');
  service.child.kill('SIGTERM');
  t.match([(await answer).status, await (await answer).json()], [200, { done: true }]);
  t.equal(await service.exited, 0);
  t.strictSame(
    service.lines.slice(-3).map(({ msg }) => msg),
    ['closed queue', 'closed database', 'stopped'],
  );
});

void t.test('SIGTERM turns readiness off first and goes on serving meanwhile', async (t) => {
  const service = start(t, { DRAIN_MS: '400' });
  const [address, internal] = await ready(service);
  t.equal((await fetch(`${internal}/readyz`)).status, 200);
  service.child.kill('SIGTERM');
  await service.said('stopping');
  t.equal((await fetch(`${address}/readyz`)).status, 503);
  t.equal((await fetch(`${internal}/readyz`)).status, 503);
  t.equal((await fetch(`${address}/slow`)).status, 200);
  t.equal(await service.exited, 0);
});

void t.test('open streams do not hold up a shutdown', async (t) => {
  const service = start(t);
  const [address] = await ready(service);
  const stream = await fetch(`${address}/stream`);
  await service.said('stream open');
  service.child.kill('SIGINT');
  t.equal(await stream.text(), ': open\n\n', 'ended in good order');
  t.equal(await service.exited, 0);
});

void t.test('a connection kept alive does not hold up a shutdown', async (t) => {
  const service = start(t);
  const [address] = await ready(service);
  await (await fetch(`${address}/healthz`)).text();
  const started = Date.now();
  service.child.kill('SIGTERM');
  t.equal(await service.exited, 0);
  t.ok(Date.now() - started < 3_000);
});

void t.test('a signal while starting closes what is open by then', async (t) => {
  const service = start(t, { START_MS: '60000' });
  await service.said('opened');
  service.child.kill('SIGTERM');
  t.equal(await service.exited, 0);
  t.strictSame(
    service.lines.slice(-3).map(({ msg }) => msg),
    ['closed queue', 'closed database', 'stopped'],
  );
});

void t.test('an uncaught error is logged, what was opened is closed, and the process exits 1', async (t) => {
  const service = start(t);
  const [address] = await ready(service);
  await fetch(`${address}/crash`, { method: 'POST' }).catch(() => undefined);
  t.equal(await service.exited, 1);
  t.match(
    service.lines.find(({ msg }) => msg === 'stopping after an uncaught error'),
    { err: { message: 'nobody caught this' } },
  );
  t.ok(service.lines.some(({ msg }) => msg === 'closed database'));
});

void t.test('a taken port is one line that says which variable to change', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.teardown(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  const service = start(t, { METRICS_PORT: String(port) });
  t.equal(await service.exited, 1);
  t.equal(
    await service.complaints,
    `slow: METRICS_PORT: port ${port} is taken by another process. Fix: stop that process or set METRICS_PORT to a free port.\n`,
  );
});

void t.test('a wrong setting is one line and exit 1', async (t) => {
  const service = start(t, { PORT: 'eighty' });
  t.equal(await service.exited, 1);
  t.match(await service.complaints, /^slow: PORT is "eighty": must be a whole number from 0 to 65535\. Fix: .*\n$/);
});

void t.test('wrong settings have a line each, and nothing else is blamed for them', async (t) => {
  const service = start(t, { PORT: 'eighty', DATABASE_URL: '', DATABASE_URL_FILE: '/nowhere/url' });
  t.equal(await service.exited, 1);
  t.match((await service.complaints).split('\n'), [
    /^slow: DATABASE_URL_FILE names \/nowhere\/url, .* \(ENOENT\)\. Fix: /,
    /^slow: PORT is "eighty": /,
    /^$/,
  ]);
});

void t.test('everything is closed in reverse, also when one part fails', async (t) => {
  const closed: string[] = [];
  const disposer = createDisposer();
  disposer.add('database', () => closed.push('database'));
  disposer.add('queue', () => Promise.reject(new Error('stuck')));
  disposer.add('worker', async () => closed.push('worker'));
  t.strictSame(disposer.open(), ['worker', 'queue', 'database']);
  await t.rejects(disposer.dispose(), { errors: [{ message: 'queue did not close' }] });
  t.strictSame(closed, ['worker', 'database']);
  await t.resolves(disposer.dispose(), 'a second time does nothing');
});

void t.test('12: once it listens, a service says whether its proxies are declared as they are', async (t) => {
  let address = '';
  const publicUrl = await openHttpProxy(t, () => address);
  const service = start(t, { AUTH_URL: publicUrl });
  const [own, internal] = await ready(service);
  // The first try may come too soon for the proxy to know the way.
  address = own;
  await service.said(
    `TRUST_PROXY is wrong: of a request to ${publicUrl}, it arrived through 1 instead of 0 proxies, so visitors count as one. Fix: set TRUST_PROXY=1`,
  );
  t.match(await (await fetch(`${internal}/metrics`)).text(), /^trust_proxy_mismatch\{.*\} 1$/m);
  service.child.kill('SIGTERM');
  t.equal(await service.exited, 0);
});

void t.test('a service that has yet to find out about its proxies stops at once', async (t) => {
  const service = start(t, { AUTH_URL: 'http://127.0.0.1:9' });
  await ready(service);
  const started = performance.now();
  service.child.kill('SIGTERM');
  t.equal(await service.exited, 0);
  t.ok(performance.now() - started < 5_000);
});
