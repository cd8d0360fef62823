import t, { type Test } from 'tap';
import { createMetrics, installProxyCheck, type TrustProxy } from '../src/index.ts';
import { judgeProxies } from '../src/operations/judge-proxies.ts';
import { openHttpProxy } from './support/http-proxy.ts';
import { openService } from './support/service.ts';

interface Line {
  level: string;
  msg: string;
}

const spoken = new Set(['info', 'warn', 'error']);

/** A service that listens behind so many proxies, and what its check of itself said. */
async function checkBehind(t: Test, proxies: number, declared: TrustProxy) {
  const { app, lines } = await openService(t, { trustProxy: declared });
  const metrics = createMetrics({ name: 'greeter' });
  // What balances connections adds nothing.
  let publicUrl = await openHttpProxy(t, () => app.listeningOrigin, { appends: false });
  for (let count = 0; count < proxies; count++) {
    const next = publicUrl;
    publicUrl = await openHttpProxy(t, () => next);
  }
  const check = installProxyCheck(app, { publicUrl, declared, log: app.log, metrics, pauses: [0] });
  await app.listen({ host: '127.0.0.1', port: 0 });
  await check.run();
  const said = lines
    .map((line) => JSON.parse(line) as Line)
    .filter(({ level, msg }) => spoken.has(level) && msg.startsWith('TRUST_PROXY'));
  const mismatch = /^trust_proxy_mismatch\{.*\} (\d)$/m.exec(await metrics.registry.metrics())?.[1];
  return { said, mismatch };
}

void t.test('12: proxies declared as they are: nothing is said', async (t) => {
  const right: [number, TrustProxy][] = [
    [0, false],
    [1, 1],
    [2, 2],
    [1, ['loopback']],
    [2, ['127.0.0.0/8']],
    [0, ['10.0.0.0/8']],
  ];
  for (const [proxies, declared] of right) {
    t.strictSame(
      await checkBehind(t, proxies, declared),
      { said: [], mismatch: '0' },
      `${proxies} ${String(declared)}`,
    );
  }
});

void t.test('12: proxies declared wrongly: one error says what was seen and what to set', async (t) => {
  const wrong: [number, TrustProxy, RegExp, string][] = [
    [1, false, /through 1 instead of 0 proxies, so visitors count as one/, 'TRUST_PROXY=1'],
    [2, 1, /through 2 instead of 1 proxy, so visitors count as one/, 'TRUST_PROXY=2'],
    [1, 2, /through 1 instead of 2 proxies, so visitors can choose the address they count as/, 'TRUST_PROXY=1'],
    [0, 1, /through 0 instead of 1 proxy, so visitors can choose/, 'TRUST_PROXY=0'],
    [
      1,
      ['10.0.0.0/8'],
      /through 127\.0\.0\.1, not listed there/,
      'TRUST_PROXY=10.0.0.0/8,127.0.0.1 (or their networks)',
    ],
  ];
  for (const [proxies, declared, seen, fix] of wrong) {
    const { said, mismatch } = await checkBehind(t, proxies, declared);
    const errors = said.filter(({ level }) => level === 'error');
    t.equal(errors.length, 1, `${proxies} ${String(declared)}`);
    t.match(errors[0]?.msg, seen);
    t.equal(errors[0]?.msg.split(' Fix: ').at(-1), `set ${fix}`);
    t.equal(mismatch, '1');
  }
});

void t.test(
  'TLS that is ended in front by something that does not say for whom is doubtful, or wrong where declared',
  async (t) => {
    const arrival = { chain: ['10.0.0.1'], believed: 0 };
    t.match(judgeProxies(false, arrival, 'https://auth.example.com'), { kind: 'doubtful' });
    t.match(judgeProxies(1, arrival, 'https://auth.example.com'), { kind: 'wrong', fix: /append to X-Forwarded-For/ });
    t.match(judgeProxies(false, arrival, 'http://localhost:3002'), { kind: 'right' });
  },
);

void t.test('what cannot be checked is said at info, after every try', async (t) => {
  const copy = await openService(t);
  await copy.app.listen({ host: '127.0.0.1', port: 0 });
  const publicUrl = await openHttpProxy(t, () => copy.app.listeningOrigin);
  for (const url of [publicUrl, 'http://127.0.0.1:9', 'https://auth.example.invalid']) {
    const { app, lines } = await openService(t);
    await installProxyCheck(app, { publicUrl: url, declared: 3, log: app.log, pauses: [0, 1, 1] }).run();
    const said = lines.map((line) => JSON.parse(line) as Line).filter(({ level }) => spoken.has(level));
    t.match(said, [{ level: 'info', msg: /^TRUST_PROXY could not be checked/ }], url);
    t.equal(said.length, 1);
  }
});

void t.test('a check ends with its process, whatever it waits for', async (t) => {
  const { app, lines } = await openService(t);
  const publicUrl = 'http://127.0.0.1:9';
  const check = installProxyCheck(app, { publicUrl, declared: false, log: app.log, pauses: [0, 3_600_000] });
  const running = check.run();
  check.stop();
  await running;
  t.notMatch(lines.join(''), 'TRUST_PROXY');
});

void t.test('passive evidence is said once in a process, in no words of whoever brought it', async (t) => {
  const suspicious: [TrustProxy, string, string | undefined, RegExp][] = [
    [false, '10.0.0.1', '203.0.113.1', /a proxy nearby names visitors/],
    [false, '127.0.0.1', '203.0.113.1', /a proxy nearby names visitors/],
    [['10.9.0.0/16'], '10.0.0.1', '203.0.113.1', /a proxy nearby names visitors/],
    [2, '10.0.0.1', '203.0.113.1', /2 proxies are declared and a request came through 1/],
    [1, '203.0.113.1', undefined, /from the internet came through none/],
  ];
  for (const [declared, remoteAddress, forwarded, suspicion] of suspicious) {
    const { app, lines } = await openService(t, { trustProxy: declared });
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    for (let count = 0; count < 5; count++) await app.inject({ url: '/address', remoteAddress, headers });
    const said = lines.filter((line) => line.includes('TRUST_PROXY'));
    t.equal(said.length, 1, `${String(declared)} ${remoteAddress}`);
    t.match(said[0], suspicion);
    t.notMatch((JSON.parse(said[0] ?? '{}') as Line).msg, '203.0.113.1');
  }
});

void t.test('requests as they should arrive, and forged ones that come to nothing, are no evidence', async (t) => {
  const fine: [TrustProxy, string, string | undefined][] = [
    [false, '203.0.113.1', undefined],
    [false, '203.0.113.1', '198.51.100.1'],
    [false, '127.0.0.1', undefined],
    [['10.0.0.0/8'], '10.0.0.1', '203.0.113.1'],
    [['10.0.0.0/8'], '203.0.113.1', '198.51.100.1'],
    [1, '10.0.0.1', '203.0.113.1'],
    [1, '10.0.0.1', '198.51.100.1, 203.0.113.1'],
    [1, '10.0.0.1', undefined],
    [2, '10.0.0.1', '203.0.113.1, 192.0.2.1'],
  ];
  for (const [declared, remoteAddress, forwarded] of fine) {
    const { app, lines } = await openService(t, { trustProxy: declared });
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    await app.inject({ url: '/address', remoteAddress, headers });
    t.notMatch(lines.join(''), 'TRUST_PROXY', `${String(declared)} ${remoteAddress} ${forwarded ?? ''}`);
  }
});
