import { createTokenIssuer } from '@alva/testing';
import autocannon from 'autocannon';
import { startProcess } from './support/processes.ts';
import { withCleanup } from './support/services.ts';
import { median, thousands, withSpread } from './support/statistics.ts';
import { printTable, progress } from './support/table.ts';

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

/** What verifying a token adds to a request: the same service without, with ours warm and cold, and with jose. */
export async function measureVerification({ rounds, seconds }: { rounds: number; seconds: number }): Promise<void> {
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
