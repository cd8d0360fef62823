import { createTestRedis, openTcpProxy } from '@alva/testing';
import t from 'tap';
import { startAuth, type Auth } from './support/auth.ts';
import { openSession, signOut } from './support/sessions.ts';

/** The value of the series whose name and labels are these; undefined when there is none. */
async function valueOf({ metrics }: Auth, series: RegExp): Promise<number | undefined> {
  const lines = (await metrics.registry.metrics()).split('\n');
  const line = lines.find((text) => series.test(text));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

t.test('every series is there before anything happened, so that the first time is an increase', async (t) => {
  const auth = await startAuth(t);
  const series = [
    /^auth_refreshes_total\{outcome="reused"/,
    /^auth_sign_ins_total\{way="code",outcome="refused"/,
    /^auth_mails_total\{outcome="failed"/,
    /^auth_pruning_failures_total\{what="/,
    /^auth_failed_announcements_total/,
  ];
  for (const each of series) t.equal(await valueOf(auth, each), 0, each.source);
});

t.test('when the pruner last succeeded is measured', async (t) => {
  const auth = await startAuth(t);
  const prunedAt = /^auth_pruned_timestamp_seconds\{what="/;
  t.equal(await valueOf(auth, prunedAt), 0);
  await auth.resources.pruner.prune();
  t.ok(Math.abs(((await valueOf(auth, prunedAt)) ?? 0) - Date.now() / 1000) < 60);
});

t.test('36: Redis gone: the end of a session that could not be announced is counted', async (t) => {
  const redis = await createTestRedis(t);
  if (!redis) {
    t.comment('no test Redis: skipped');
    return;
  }
  const line = await openTcpProxy(t, redis.url);
  const auth = await startAuth(t, { env: { REDIS_URL: line.url } });
  const { token } = await openSession(auth);
  line.cut();
  t.equal((await signOut(auth.url, token)).status, 204);
  t.equal(await valueOf(auth, /^auth_failed_announcements_total/), 1);
});
