import { argon2Sync, randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { ask, load } from './support/load.ts';
import { setPasswords, signInPeople, tokenIn } from './support/people.ts';
import { startServices, webOrigin, withCleanup } from './support/services.ts';
import { median, quantile, withSpread } from './support/statistics.ts';
import { printTable, progress } from './support/table.ts';

const people = 6_000;
const password = 'violet otter under 9 lamps';
/** The least that is advised (OWASP), and what auth uses unless told otherwise. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 };

/**
 * Renewals while nobody logs in and while a hundred passwords are always waiting to be checked, in turns; and how many
 * passwords a second that were, against argon2id by itself on one thread.
 */
export async function measureLogins({ rounds, seconds }: { rounds: number; seconds: number }): Promise<void> {
  await withCleanup(async (cleanup) => {
    const { database, issuer } = await startServices(cleanup);
    const tokens = await signInPeople(database, people);
    const emails = await setPasswords(database, hash(password));
    const agent = new Agent({ keepAlive: true, maxFreeSockets: 1_000 });
    cleanup.teardown(async () => agent.destroy());
    const renew = async () => {
      const token = tokens.shift() ?? '';
      const headers = { origin: webOrigin, cookie: `refresh_token=${token}` };
      const answer = await ask(`${issuer}/auth/refresh`, { method: 'POST', headers, agent });
      const successor = tokenIn(answer.headers['set-cookie']);
      tokens.push(successor ?? token);
      return successor !== undefined;
    };
    let next = 0;
    const outcomes = new Map<number, number>();
    const logIn = async () => {
      const body = JSON.stringify({ email: emails[next++ % emails.length], password });
      const headers = { 'content-type': 'application/json', origin: webOrigin };
      const { status } = await ask(`${issuer}/auth/login`, { method: 'POST', headers, body, agent });
      outcomes.set(status, (outcomes.get(status) ?? 0) + 1);
      return status === 200;
    };

    const found: { quiet: number[]; busy: number[]; logins: number; alone: number }[] = [];
    for (let round = 0; round <= rounds; round++) {
      progress(`logins: round ${round} of ${rounds}`);
      const alone = hashesPerSecond(seconds / 2);
      const quiet = await load({ inFlight: 8, seconds, task: renew });
      outcomes.clear();
      const [busy] = await Promise.all([
        load({ inFlight: 8, seconds, task: renew }),
        load({ inFlight: 100, seconds, task: logIn }),
      ]);
      if (round === 0) continue;
      const logins = (outcomes.get(200) ?? 0) / seconds;
      found.push({ quiet: quiet.latencies, busy: busy.latencies, logins, alone });
    }
    progress('');
    const latency = (which: 'quiet' | 'busy', share: number) =>
      median(found.map((round) => quantile(round[which], share))).toFixed(1);
    const ratio = withSpread(found.map(({ quiet, busy }) => quantile(busy, 0.99) / quantile(quiet, 0.99)));
    printTable(
      `Renewals, 8 in flight, while a hundred logins wait, ${rounds} alternating rounds of ${seconds} s`,
      ['', 'p50 ms', 'p99 ms', '× p99 without logins'],
      [
        ['nobody logs in', latency('quiet', 0.5), latency('quiet', 0.99), '1'],
        ['a hundred logins at a time', latency('busy', 0.5), latency('busy', 0.99), ratio],
      ],
    );
    const passwords = median(found.map(({ logins }) => logins)).toFixed(0);
    const share = withSpread(found.map(({ logins, alone }) => logins / alone));
    process.stdout.write(
      `\n  passwords checked: ${passwords}/s = ${share} × argon2id alone on one thread; others were answered 503\n`,
    );
  });
}

function derive(message: string, nonce: Buffer): Buffer {
  return argon2Sync('argon2id', { message, nonce, tagLength: 32, ...cost });
}

function hash(message: string): string {
  const nonce = randomBytes(16);
  const [salt, tag] = [nonce, derive(message, nonce)].map((bytes) => bytes.toString('base64').replaceAll('=', ''));
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${salt}$${tag}`;
}

function hashesPerSecond(seconds: number): number {
  const nonce = randomBytes(16);
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < seconds * 1000) {
    derive(password, nonce);
    count++;
  }
  return (count * 1000) / (performance.now() - start);
}
