import { createTokenIssuer } from '@alva/testing';
import { createTokenVerifier } from '@alva/token-verifier';
import autocannon from 'autocannon';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { startProcess } from './support/processes.ts';
import { withCleanup } from './support/services.ts';
import { median, thousands, withSpread } from './support/statistics.ts';
import { printTable, progress } from './support/table.ts';

type TestIssuer = Awaited<ReturnType<typeof createTokenIssuer>>;

const guards = {
  none: 'no verification',
  alva: 'token seen before',
  'alva-cold': 'every token new',
  jose: 'jose, every token new',
} as const;
type Guard = keyof typeof guards;

interface Round {
  readonly perSecond: number;
  /** Microseconds of the server's processor time per request. */
  readonly cpu: number;
  readonly p99: number;
}

interface Extent {
  readonly rounds: number;
  readonly seconds: number;
}

export async function measureVerification(extent: Extent): Promise<void> {
  await withCleanup(async (cleanup) => {
    const issuer = await createTokenIssuer(cleanup);
    await measureAlone(issuer, extent);
  });
  await measureRequests(extent);
}

/**
 * The verification itself, without a server around it. A request costs more by what waking the other side costs: a server
 * that verifies on its main thread answers one at a time, one that has helpers answers in bunches.
 */
async function measureAlone(issuer: TestIssuer, { rounds, seconds }: Extent): Promise<void> {
  const tokens = await Promise.all(Array.from({ length: 256 }, () => issuer.issue()));
  const verifier = createTokenVerifier({ issuer: issuer.url, cacheCapacity: 0, revocationsUri: false });
  const jwks = createRemoteJWKSet(new URL(`${issuer.url}/.well-known/jwks.json`));
  const options = { issuer: issuer.url, audience: 'alva', algorithms: ['ES256'], typ: 'at+jwt' };
  const ways = {
    alva: (token: string) => verifier.verify(token),
    jose: (token: string) => jwtVerify(token, jwks, options),
  };
  const measured = { alva: [] as number[], jose: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    for (const way of ['alva', 'jose'] as const) {
      progress(`verification alone: ${way}, round ${round} of ${rounds}`);
      const cpu = await costOf(ways[way], tokens, seconds);
      if (round > 0) measured[way].push(cpu);
    }
  }
  progress('');
  verifier.close();
  const ratios = measured.alva.map((cpu, index) => (measured.jose[index] ?? NaN) / cpu);
  printTable(
    `Verification alone, every token new, ${rounds} alternating rounds of ${seconds} s`,
    ['', 'CPU µs', '× jose'],
    [
      ['@alva/token-verifier', median(measured.alva).toFixed(1), withSpread(ratios)],
      ['jose', median(measured.jose).toFixed(1), ''],
    ],
  );
}

/** Microseconds of this process's time, on all its threads, for one token. */
async function costOf(verify: (token: string) => unknown, tokens: readonly string[], seconds: number): Promise<number> {
  const before = process.cpuUsage();
  const end = performance.now() + seconds * 1000;
  let count = 0;
  while (performance.now() < end) {
    for (const token of tokens) await verify(token);
    count += tokens.length;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

/** What verifying a token adds to a request: the same service without, with ours warm and cold, and with jose. */
async function measureRequests({ rounds, seconds }: Extent): Promise<void> {
  await withCleanup(async (cleanup) => {
    const issuer = await createTokenIssuer(cleanup);
    const headers = { authorization: `Bearer ${await issuer.issue()}` };
    const names = Object.keys(guards) as Guard[];
    const servers = await Promise.all(
      names.map(async (guard) => {
        const server = await startProcess('bench/servers/guarded.ts', { GUARD: guard, ISSUER: issuer.url });
        cleanup.teardown(() => server.stop());
        return { guard, server };
      }),
    );

    const measured = new Map(names.map((guard) => [guard, [] as Round[]]));
    // The first round warms up and is not counted.
    for (let round = 0; round <= rounds; round++) {
      for (const { guard, server } of servers) {
        progress(`verification: ${guards[guard]}, round ${round} of ${rounds}`);
        const before = await server.cpu();
        const result = await autocannon({
          url: server.addresses[0] ?? '',
          connections: 64,
          duration: seconds,
          headers,
        });
        const total = result.requests.total;
        if (result.non2xx + result.errors > 0)
          throw new Error(`${guard}: ${result.non2xx} refused, ${result.errors} failed`);
        const cpu = ((await server.cpu()) - before) / total;
        if (round > 0) measured.get(guard)?.push({ perSecond: total / result.duration, cpu, p99: result.latency.p99 });
      }
    }
    progress('');

    const baseline = measured.get('none') ?? [];
    const cold = measured.get('jose') ?? [];
    const ratios = (list: Round[], others: Round[]) =>
      list.map(({ perSecond }, index) => perSecond / (others[index]?.perSecond ?? NaN));
    printTable(
      `Verified GET, 64 in flight, ${rounds} alternating rounds of ${seconds} s`,
      ['', 'requests/s', 'p99 ms', 'CPU µs/request', '× no verification', '× jose'],
      names.map((guard) => {
        const list = measured.get(guard) ?? [];
        return [
          guards[guard],
          thousands(median(list.map(({ perSecond }) => perSecond))),
          median(list.map(({ p99 }) => p99)).toFixed(0),
          median(list.map(({ cpu }) => cpu)).toFixed(1),
          withSpread(ratios(list, baseline)),
          withSpread(ratios(list, cold)),
        ];
      }),
    );
  });
}
