import { Agent } from 'node:http';
import { ask } from './support/load.ts';
import { signInPeople, tokenIn } from './support/people.ts';
import { startProcess } from './support/processes.ts';
import { startServices, webOrigin, withCleanup } from './support/services.ts';
import { quantile } from './support/statistics.ts';
import { printTable, progress } from './support/table.ts';

/**
 * From the answer to a sign-out until every verifier refuses the session's access token: two copies of the api, which hear
 * the messages, and three services that know no more than the issuer's address and follow its event stream.
 */
export async function measureRevocation({ rounds }: { rounds: number }): Promise<void> {
  await withCleanup(async (cleanup) => {
    const services = await startServices(cleanup);
    const { database, issuer } = services;
    const apis = await Promise.all([services.startApi(), services.startApi()]);
    const followers = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const service = await startProcess('bench/servers/guarded.ts', {
          GUARD: 'alva',
          ISSUER: issuer,
          FOLLOW: 'yes',
        });
        cleanup.teardown(() => service.stop());
        return service;
      }),
    );
    const verifiers = {
      'api, by message': apis.map(({ addresses }) => `${addresses[0]}/plans`),
      'any service, by event stream': followers.map(({ addresses }) => `${addresses[0]}/`),
    };
    const agent = new Agent({ keepAlive: true });
    cleanup.teardown(async () => agent.destroy());
    const tokens = await signInPeople(database, rounds + 5);
    const took = new Map(Object.keys(verifiers).map((kind) => [kind, [] as number[]]));

    for (const [round, token] of tokens.entries()) {
      progress(`revocation: round ${round + 1} of ${tokens.length}`);
      const act = (path: string, held: string) =>
        ask(issuer + path, { method: 'POST', headers: { origin: webOrigin, cookie: `refresh_token=${held}` }, agent });
      const renewed = await act('/auth/refresh', token);
      const { accessToken } = JSON.parse(renewed.body) as { accessToken: string };
      const statusAt = async (url: string) =>
        (await ask(url, { headers: { authorization: `Bearer ${accessToken}` }, agent })).status;
      for (const url of Object.values(verifiers).flat()) {
        const status = await statusAt(url);
        if (status !== 200) throw new Error(`${url} answered ${status} to a good token`);
      }
      await act('/auth/logout', tokenIn(renewed.headers['set-cookie']) ?? '');
      const answered = performance.now();
      await Promise.all(
        Object.entries(verifiers).flatMap(([kind, urls]) =>
          urls.map(async (url) => {
            while ((await statusAt(url)) === 200);
            // The first rounds find cold code and are not counted.
            if (round >= 5) took.get(kind)?.push(performance.now() - answered);
          }),
        ),
      );
    }
    progress('');
    printTable(
      `Revocation: from the answered sign-out to the first refusal, ${rounds} sign-outs`,
      ['', 'verifiers', 'p50 ms', 'p99 ms', 'slowest ms'],
      Object.entries(verifiers).map(([kind, urls]) => {
        const list = took.get(kind) ?? [];
        return [kind, String(urls.length), ...[0.5, 0.99, 1].map((share) => quantile(list, share).toFixed(1))];
      }),
    );
  });
}
