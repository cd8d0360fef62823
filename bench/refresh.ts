import { Agent } from 'node:http';
import { type TestDatabase } from '@alva/testing';
import postgres from 'postgres';
import { ask, load, type Measured } from './support/load.ts';
import { signInPeople, tokenIn } from './support/people.ts';
import { startServices, webOrigin, withCleanup } from './support/services.ts';
import { median, quantile, thousands, withSpread } from './support/statistics.ts';
import { printTable, progress } from './support/table.ts';

interface Round extends Measured {
  readonly cpu: number;
}

/** Enough people that none renews more often than the chain allows: fifty links in ten seconds. */
const people = 12_000;

/**
 * Rotations over HTTP, each committed before it is answered, against the least that a durable write costs on this machine: a
 * prepared update of one row over the same number of connections. And the same with a thousand requests waiting at once.
 */
export async function measureRefresh({ rounds, seconds }: { rounds: number; seconds: number }): Promise<void> {
  await withCleanup(async (cleanup) => {
    const { database, auth, issuer } = await startServices(cleanup);
    const tokens = await signInPeople(database, people);
    // Connected once, in the round that warms up: libuv accepts one connection in each turn of a loop that is busy with a
    // thousand requests, and what is measured is how those are served.
    const agent = new Agent({ keepAlive: true, maxFreeSockets: 1_000 });
    cleanup.teardown(async () => agent.destroy());
    const renew = async () => {
      const token = tokens.shift();
      if (token === undefined) throw new Error('Everybody is renewing already');
      const headers = { origin: webOrigin, cookie: `refresh_token=${token}` };
      const answer = await ask(`${issuer}/auth/refresh`, { method: 'POST', headers, agent });
      const successor = tokenIn(answer.headers['set-cookie']);
      tokens.push(successor ?? token);
      return answer.status === 200 && successor !== undefined;
    };
    const bare = await openBareWrites(database, cleanup);

    const renewals = { 64: [] as Round[], 1000: [] as Round[] };
    const writes: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      progress(`refresh: round ${round} of ${rounds}`);
      const { perSecond } = await load({ inFlight: 64, seconds, task: bare });
      if (round > 0) writes.push(perSecond);
      for (const inFlight of [64, 1000] as const) {
        const before = await auth.cpu();
        const measured = await load({ inFlight, seconds, task: renew });
        const cpu = ((await auth.cpu()) - before) / measured.latencies.length;
        if (round > 0) renewals[inFlight].push({ ...measured, cpu });
      }
    }
    progress('');

    const [settings] =
      await database.sql`select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit`;
    printTable(
      `Refresh: rotate and commit, ${rounds} alternating rounds of ${seconds} s (fsync ${settings?.['fsync']}, synchronous_commit ${settings?.['commit']})`,
      ['', 'refreshes/s', 'p50 ms', 'p99 ms', 'failed', 'CPU µs/refresh', '× bare durable update'],
      ([64, 1000] as const).map((inFlight) => {
        const list = renewals[inFlight];
        const latency = (share: number) => median(list.map(({ latencies }) => quantile(latencies, share))).toFixed(1);
        return [
          `${inFlight} in flight`,
          thousands(median(list.map(({ perSecond }) => perSecond))),
          latency(0.5),
          latency(0.99),
          String(list.reduce((sum, { failures }) => sum + failures, 0)),
          median(list.map(({ cpu }) => cpu)).toFixed(0),
          withSpread(list.map(({ perSecond }, index) => perSecond / (writes[index] ?? NaN))),
        ];
      }),
    );
    process.stdout.write(`\n  bare durable update, 64 in flight: ${thousands(median(writes))}/s\n`);
  });
}

async function openBareWrites({ url, sql }: TestDatabase, cleanup: { teardown(handler: () => Promise<void>): void }) {
  await sql`create table public.bare (id int primary key, n int not null)`;
  await sql`insert into public.bare select i, 0 from generate_series(0, 9999) i`;
  const pool = postgres(url, { max: 10, fetch_types: false, onnotice: () => undefined });
  cleanup.teardown(() => pool.end({ timeout: 1 }));
  let next = 0;
  return async () => {
    next = (next + 1) % 10_000;
    await pool.unsafe('update public.bare set n = n + 1 where id = $1', [next], { prepare: true });
    return true;
  };
}
