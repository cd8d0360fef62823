import { readFile } from 'node:fs/promises';
import { createTestDatabase, createTestRedis, metricsOfProcess, metricsOnPage, openTcpProxy } from '@alva/testing';
import t, { type Test } from 'tap';
import { limitNames } from '../src/limits.ts';
import { keyEncryptionKey, startAuth, type Auth } from './support/auth.ts';
import { openSession, refresh, signOut } from './support/sessions.ts';

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
    /^auth_audit_refusals_total\{event="client-refused",outcome="failed"/,
    /^rate_limits_unshared/,
  ];
  for (const each of series) t.equal(await valueOf(auth, each), 0, each.source);
});

t.test('every limit has its series before it is reached', async (t) => {
  const auth = await startAuth(t);
  for (const limit of ['requests', 'published', ...Object.values(limitNames)])
    t.equal(await valueOf(auth, new RegExp(`^rate_limited_total\\{limit="${limit}"`)), 0, limit);
});

/** auth behind a line to Redis that can be cut; nothing where no Redis is to be had. */
async function startWithRedis(t: Test) {
  const redis = await createTestRedis(t);
  if (!redis) {
    t.comment('no test Redis: skipped');
    return undefined;
  }
  const line = await openTcpProxy(t, redis.url);
  return { line, auth: await startAuth(t, { env: { REDIS_URL: line.url } }) };
}

t.test('36: Redis gone: that a copy counts for itself is measured', async (t) => {
  const shared = await startWithRedis(t);
  if (!shared) return;
  const { auth, line } = shared;
  const { token } = await openSession(auth);
  while ((await valueOf(auth, /^rate_limits_unshared/)) !== 0) await refresh(auth.url, 'A'.repeat(43));
  line.cut();
  t.equal((await refresh(auth.url, token)).status, 200);
  await refresh(auth.url, 'A'.repeat(43));
  t.equal(await valueOf(auth, /^rate_limits_unshared/), 1);
  line.restore();
  while ((await valueOf(auth, /^rate_limits_unshared/)) !== 0) await refresh(auth.url, 'A'.repeat(43));
});

t.test('the page for operators explains every metric of auth, and no other', async (t) => {
  const { url } = await createTestDatabase(t);
  const env = { DATABASE_URL: url, KEY_ENCRYPTION_KEY: keyEncryptionKey };
  const shown = await metricsOfProcess(new URL('../src/main.ts', import.meta.url), env);
  t.strictSame(shown, await metricsOnPage('auth'));
});

/** What the first group finds in what is measured, sorted. */
async function labelsOf({ metrics }: Auth, series: RegExp): Promise<string[]> {
  return Array.from((await metrics.registry.metrics()).matchAll(series), ([, value = '']) => value).sort();
}

/** The names that begin the rows of the table in this section of a page for operators, sorted. */
async function rowsOf(page: string, section: string): Promise<string[]> {
  const text = await readFile(new URL(`../../../docs/operations/${page}`, import.meta.url), 'utf8');
  const [, rest = ''] = text.split(`\n## ${section}\n`);
  const [table = ''] = rest.split('\n## ');
  return Array.from(table.matchAll(/^\| `([a-z:-]+)` +\|/gm), ([, name = '']) => name).sort();
}

t.test(
  'the pages for operators explain every limit and every outcome of a renewal by its name in log and metric',
  async (t) => {
    const auth = await startAuth(t);
    const limits = await labelsOf(auth, /^rate_limited_total\{limit="([^"]+)"/gm);
    t.strictSame(await rowsOf('proxies-and-limits.md', 'Limits'), limits);
    const outcomes = await labelsOf(auth, /^auth_refreshes_total\{outcome="([^"]+)"/gm);
    t.strictSame(await rowsOf('metrics.md', 'What became of a refresh token'), outcomes);
  },
);

t.test('a mail that nobody sends is measured by its row, and Postgres gone breaks no page', async (t) => {
  const database = await createTestDatabase(t);
  const line = await openTcpProxy(t, database.url);
  const auth = await startAuth(t, { database: { ...database, url: line.url } });
  const age = /^auth_mail_queued_age_seconds/;
  t.equal(await valueOf(auth, age), 0);
  await database.sql`
    insert into auth.mails (id, kind, recipient_hash, created_at, expires_at) values
      (gen_random_uuid(), 'sign-in', 'x', now() - interval '20 minutes', now() + interval '1 minute'),
      (gen_random_uuid(), 'sign-in', 'x', now() - interval '1 day', now() - interval '1 minute')`;
  const waited = (await valueOf(auth, age)) ?? 0;
  t.ok(waited >= 1_200 && waited < 1_260, `${waited} s`);
  line.cut();
  t.ok(Number.isNaN(await valueOf(auth, age)));
  line.restore();
});

t.test('when the pruner last succeeded is measured', async (t) => {
  const auth = await startAuth(t);
  const prunedAt = /^auth_pruned_timestamp_seconds\{what="/;
  t.equal(await valueOf(auth, prunedAt), 0);
  await auth.resources.pruner.prune();
  t.ok(Math.abs(((await valueOf(auth, prunedAt)) ?? 0) - Date.now() / 1000) < 60);
});

t.test('36: Redis gone: the end of a session that could not be announced is counted', async (t) => {
  const shared = await startWithRedis(t);
  if (!shared) return;
  const { auth, line } = shared;
  const { token } = await openSession(auth);
  line.cut();
  t.equal((await signOut(auth.url, token)).status, 204);
  t.equal(await valueOf(auth, /^auth_failed_announcements_total/), 1);
});
