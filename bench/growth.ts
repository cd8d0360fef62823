import { Agent } from 'node:http';
import { ask, load } from './support/load.ts';
import { fillWithSessions, openAt, rawTokenOf, tokenIn } from './support/people.ts';
import { type Cleanup, startServices, webOrigin, withCleanup } from './support/services.ts';
import { median, quantile, thousands, withSpread } from './support/statistics.ts';
import { printTable, progress } from './support/table.ts';

const operations = ['refresh', 'own sessions', 'list of revocations'] as const;
type Operation = (typeof operations)[number];

/** What the table's size costs: the same requests to an installation of ten thousand sessions and to one of many more. */
export async function measureGrowth(extent: { rounds: number; seconds: number; sessions: number }): Promise<void> {
  const { rounds, seconds, sessions } = extent;
  await withCleanup(async (cleanup) => {
    const installations = [await openInstallation(cleanup, 10_000), await openInstallation(cleanup, sessions)] as const;
    const measured = installations.map(() => ({
      refresh: [] as number[],
      'own sessions': [] as number[],
      'list of revocations': [] as number[],
    }));
    for (let round = 0; round <= rounds; round++) {
      for (const operation of operations) {
        for (const [index, { tasks, count }] of installations.entries()) {
          progress(`growth: ${operation} of ${thousands(count)}, round ${round} of ${rounds}`);
          const { latencies, failures } = await load({ inFlight: 16, seconds, task: tasks[operation] });
          if (failures > 0) throw new Error(`${failures} failed: ${operation} of ${thousands(count)}`);
          if (round > 0) measured[index]?.[operation].push(quantile(latencies, 0.5));
        }
      }
    }
    progress('');
    const [small, large] = measured;
    printTable(
      `Growth: p50 in ms, 16 in flight, every session in turn, ${rounds} alternating rounds of ${seconds} s`,
      ['', ...installations.map(({ count }) => `${thousands(count)} sessions`), '×'],
      operations.map((operation) => {
        const [few = [], many = []] = [small?.[operation], large?.[operation]];
        const ratios = many.map((milliseconds, index) => milliseconds / (few[index] ?? NaN));
        return [operation, median(few).toFixed(2), median(many).toFixed(2), withSpread(ratios)];
      }),
    );
  });
}

async function openInstallation(cleanup: Cleanup, count: number) {
  const { database, issuer } = await startServices(cleanup);
  progress(`growth: ${thousands(count)} sessions begin`);
  await fillWithSessions(database, count);
  const agent = new Agent({ keepAlive: true });
  cleanup.teardown(async () => agent.destroy());

  const current = new Map<number, string>();
  const accessTokens: string[] = [];
  // Prime, and that it visits every session before it visits one again, and none near the one before.
  const stride = 6_700_417;
  let next = 0;

  async function refresh(): Promise<boolean> {
    const index = openAt((next += stride) % count);
    const headers = { origin: webOrigin, cookie: `refresh_token=${current.get(index) ?? rawTokenOf(index)}` };
    const { status, body, headers: answered } = await ask(`${issuer}/auth/refresh`, { method: 'POST', headers, agent });
    const successor = tokenIn(answered['set-cookie']);
    if (status !== 200 || successor === undefined) return false;
    current.set(index, successor);
    accessTokens.push((JSON.parse(body) as { accessToken: string }).accessToken);
    return true;
  }

  async function list(): Promise<boolean> {
    // A refresh measured before; the latest thousand, so that none has expired.
    const token = accessTokens.at(-1 - ((next += stride) % Math.min(1_000, accessTokens.length)));
    const { status } = await ask(`${issuer}/auth/sessions`, { headers: { authorization: `Bearer ${token}` }, agent });
    return status === 200;
  }

  const revocations = async () => (await ask(`${issuer}/auth/revocations`, { agent })).status === 200;

  const tasks: Record<Operation, () => Promise<boolean>> = {
    refresh,
    'own sessions': list,
    'list of revocations': revocations,
  };
  return { count, tasks };
}
