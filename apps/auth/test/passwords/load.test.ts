import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { goodPassword, logIn, otherPassword, register } from '../support/passwords.ts';
import { openSession, refresh, successorIn } from '../support/sessions.ts';

// At the least cost that is allowed outside of tests.
const auth = await startAuth(t, { env: { ARGON2_MEMORY_MIB: '19', ARGON2_PASSES: '2', LOG_LEVEL: 'info' } });

/** Milliseconds that each of so many renewals took, one after the other. */
async function timeRenewals(count: number): Promise<number[]> {
  const times = [];
  let { token } = await openSession(auth);
  for (let renewal = 0; renewal < count; renewal++) {
    // Fifty in ten seconds are as many as one session may have.
    if (renewal % 40 === 39) ({ token } = await openSession(auth));
    const started = performance.now();
    token = successorIn(await refresh(auth.url, token));
    times.push(performance.now() - started);
  }
  return times;
}

const percentile = (times: number[], share: number) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? NaN;

t.test('14: a hundred logins at once leave the p99 of renewals unharmed', async (t) => {
  const { email } = await register(auth);
  await timeRenewals(100);
  const [quiet, busy]: [number[], number[]] = [[], []];
  const statuses = new Map<number, number>();
  for (let round = 0; round < 4; round++) {
    quiet.push(...(await timeRenewals(100)));
    const logins = Array.from({ length: 100 }, async () => {
      const { status } = await logIn(auth, email, goodPassword);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    });
    busy.push(...(await timeRenewals(100)));
    await Promise.all(logins);
  }
  const [p50, p99] = [0.5, 0.99].map((share) => [percentile(quiet, share), percentile(busy, share)] as const);
  t.comment({ p50, p99, statuses: Object.fromEntries(statuses) });
  t.ok([...statuses.keys()].every((status) => status === 200 || status === 503));
  const [before = NaN, during = NaN] = p99 ?? [];
  t.ok(during / before < 4 || during < 50, `p99 ${before.toFixed(1)} ms before, ${during.toFixed(1)} ms during`);
});

t.test('14: overload is 503 within three seconds, and over when it is over', async (t) => {
  const narrow = await startAuth(t, {
    database: auth.database,
    env: { ARGON2_MEMORY_MIB: '64', ARGON2_PASSES: '4', PASSWORD_HASHES_AT_ONCE: '1', LOG_LEVEL: 'info' },
  });
  const { email } = await register(auth);
  const answers = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const started = performance.now();
      const { status, headers } = await logIn(narrow, email, otherPassword);
      return { status, retryAfter: headers['retry-after'], took: performance.now() - started };
    }),
  );
  const refused = answers.filter(({ status }) => status === 503);
  t.ok(refused.length > 0);
  t.equal(answers.filter(({ status }) => status === 401).length, 100 - refused.length);
  t.ok(refused.every(({ retryAfter }) => /^[1-9]\d*$/.test(retryAfter ?? '')));
  t.ok(Math.max(...answers.map(({ took }) => took)) < 3_000);
  t.match(
    await narrow.metrics.registry.metrics(),
    new RegExp(`^auth_password_hashes_refused_total(?:\\{.*\\})? ${refused.length}$`, 'm'),
  );
  t.equal((await logIn(narrow, email, goodPassword)).status, 200);
});
