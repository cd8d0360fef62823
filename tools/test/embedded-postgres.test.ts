import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { openEmbeddedPostgres, testCluster, type Cluster } from '../postgres/embedded-postgres.ts';
import { prepareHome } from '../postgres/home.ts';
import { findRunning, readPostmaster } from '../postgres/postmaster.ts';
import { findFreePort } from '../ports.ts';
import { processBeginning } from '../processes/liveness.ts';
import { runScript } from './support/tool.ts';

/** A cluster nobody else has, gone with the test. */
function ownCluster(t: Test, changes: Partial<Cluster> = {}): { cluster: Cluster; home: string } {
  const cluster = { ...testCluster, name: `tools-test-${randomBytes(4).toString('hex')}`, ...changes };
  const { home } = prepareHome(cluster.name);
  t.teardown(() => rmSync(home, { recursive: true, force: true }));
  return { cluster, home };
}

async function ask(url: string): Promise<string | undefined> {
  const sql = postgres(url, { max: 1 });
  try {
    const [row] = await sql<{ name: string }[]>`select current_database() as name`;
    return row?.name;
  } finally {
    await sql.end();
  }
}

function startHolder(t: Test, { name }: Cluster) {
  return runScript(t, join(import.meta.dirname, 'support/cluster-holder.ts'), [name]);
}

void t.test('several launchers share one server, and the last one out stops it', async (t) => {
  const { cluster, home } = ownCluster(t);
  const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => openEmbeddedPostgres(cluster)));
  if (!first) throw new Error('nobody opened it');
  t.ok(others.every(({ url }) => url === first.url));
  for (const { release } of others) await release();
  t.equal(await ask(first.url), 'postgres', 'still there for the first');
  await first.release();
  t.equal(await findRunning(join(home, 'data')), undefined);
  await t.rejects(ask(first.url));

  const again = await openEmbeddedPostgres(cluster);
  t.equal(again.url, first.url, 'same address the next time');
  await again.release();
});

void t.test('the cluster has its own database, and nobody gets in without the password', async (t) => {
  const { cluster } = ownCluster(t, { database: 'alva' });
  const { url, release } = await openEmbeddedPostgres(cluster);
  t.teardown(release);
  t.equal(await ask(url), 'alva');
  const withoutPassword = new URL(url);
  withoutPassword.password = 'guess';
  await t.rejects(ask(withoutPassword.href), { code: '28P01' });
});

void t.test('what a power cut leaves is started over', async (t) => {
  const { cluster, home } = ownCluster(t);
  mkdirSync(join(home, 'data.unfinished'));
  writeFileSync(join(home, 'data.unfinished/PG_VERSION'), 'half');
  const first = await openEmbeddedPostgres(cluster);
  const note = readFileSync(join(home, 'data/postmaster.pid'), 'utf8');
  await first.release();

  // Its process id belongs to somebody else by now: to this test.
  writeFileSync(join(home, 'data/postmaster.pid'), note.replace(/^\d+/, String(process.pid)));
  const second = await openEmbeddedPostgres(cluster);
  t.equal(await ask(second.url), 'postgres');
  await second.release();
});

void t.test('the server of a launcher that was killed stops, unless somebody else uses it', async (t) => {
  const { cluster, home } = ownCluster(t);
  const [killed, living] = [startHolder(t, cluster), startHolder(t, cluster)];
  const [, url = ''] = (await killed.line(/^open/)).split(' ');
  await living.line(/^open/);
  killed.child.kill('SIGKILL');
  await killed.exited;
  const joined = await openEmbeddedPostgres(cluster);
  t.equal(joined.url, url);
  await joined.release();
  t.equal(await ask(url), 'postgres', 'the living one keeps it');

  living.child.kill('SIGKILL');
  while (existsSync(join(home, 'data/postmaster.pid'))) await delay(5);
  await t.rejects(ask(url));
});

void t.test('a busy port is one line that names it', async (t) => {
  const port = await findFreePort();
  const server = createServer().listen(port, '127.0.0.1');
  t.teardown(() => server.close());
  await once(server, 'listening');
  const { cluster } = ownCluster(t, { port });
  await t.rejects(openEmbeddedPostgres(cluster), {
    name: 'Hint',
    message: new RegExp(`^Port ${port} .*embedded Postgres`),
  });
});

/** Of the server that can be used. */
function runningPid(home: string): number | undefined {
  const server = readPostmaster(join(home, 'data'));
  return server?.ready && processBeginning(server.pid) ? server.pid : undefined;
}

const readLog = (home: string) => readFileSync(join(home, 'postgres.log'), 'utf8');

/** Its sessions may outlive it for a moment. */
async function killServer(home: string): Promise<number> {
  const { pid } = readPostmaster(join(home, 'data')) ?? {};
  if (pid === undefined) throw new Error('no server runs');
  process.kill(pid, 'SIGKILL');
  while (processBeginning(pid)) await delay(5);
  return pid;
}

void t.test('a server that is killed is started again on its port, which is said in one line', async (t) => {
  const { cluster, home } = ownCluster(t, { port: await findFreePort() });
  const { url, port, keepAlive, release } = await openEmbeddedPostgres(cluster);
  const shown: string[] = [];
  const keeping = keepAlive((line) => shown.push(line));
  const pid = await killServer(home);
  while ([pid, undefined].includes(runningPid(home))) await delay(5);
  t.equal(await ask(url), 'postgres');
  t.match(shown, [new RegExp(`^postgres stopped unasked, starting it again on port ${port} `)]);
  t.equal(shown.length, 1);
  await release();
  await keeping;
  t.equal(runningPid(home), undefined);
});

void t.test('a server that keeps ending is given up', async (t) => {
  const { cluster, home } = ownCluster(t);
  const { keepAlive, release } = await openEmbeddedPostgres(cluster);
  t.teardown(release);
  const keeping = keepAlive(() => undefined);
  for (let times = 0; times < 4; times++) {
    const pid = await killServer(home);
    if (times === 3) break;
    while ([pid, undefined].includes(runningPid(home))) await delay(5);
  }
  await t.rejects(keeping, { name: 'Hint', message: /^postgres stops again and again; see .*postgres\.log$/ });
});

void t.test('whoever starts it again for others takes the port where they look for it', async (t) => {
  const { cluster, home } = ownCluster(t, { port: await findFreePort() });
  const holder = await openEmbeddedPostgres(cluster);
  await killServer(home);
  const elsewhere = { ...cluster, port: await findFreePort() };
  const other = await openEmbeddedPostgres(elsewhere);
  t.equal(other.url, holder.url);
  t.equal(await ask(holder.url), 'postgres');
  for (const { release } of [other, holder]) await release();

  const alone = await openEmbeddedPostgres(elsewhere);
  t.equal(alone.port, elsewhere.port, 'with nobody else it goes where it is asked to');
  await alone.release();
});

void t.test('a session that outlives its server ends before another server begins', async (t) => {
  const { cluster, home } = ownCluster(t);
  const first = await openEmbeddedPostgres(cluster);
  const sql = postgres(first.url, { max: 1 });
  const [{ pid }] = await sql<[{ pid: number }]>`select pg_backend_pid() as pid`;
  // Stopped it cannot notice that its server is gone, as one in the middle of a long computation does not.
  process.kill(pid, 'SIGSTOP');
  await killServer(home);
  const opening = openEmbeddedPostgres(cluster);
  while (!readLog(home).includes('shared memory block')) await delay(5);
  t.equal(runningPid(home), undefined);
  process.kill(pid, 'SIGCONT');
  const second = await opening;
  t.equal(await ask(second.url), 'postgres');
  await sql.end({ timeout: 0 });
  for (const { release } of [second, first]) await release();
});

void t.test('the log keeps the last words of the server before, and is set aside when it is long', async (t) => {
  const { cluster, home } = ownCluster(t);
  const run = async () => (await openEmbeddedPostgres(cluster)).release();
  await run();
  writeFileSync(join(home, 'postgres.log'), 'PANIC: last words\n');
  await run();
  t.match(readLog(home), /^PANIC: last words\n[^]*ready to accept connections/);
  writeFileSync(join(home, 'postgres.log'), 'x'.repeat(9 * 1024 ** 2));
  await run();
  t.match(readLog(home), /^\d{4}-[^]*ready to accept connections/);
  t.equal(statSync(join(home, 'postgres.log.old')).size, 9 * 1024 ** 2);
});

void t.test('a server that cannot start is explained by its own words, not by those of the one before', async (t) => {
  const { cluster, home } = ownCluster(t);
  await (await openEmbeddedPostgres(cluster)).release();
  writeFileSync(join(home, 'postgres.log'), 'PANIC: last words\n');
  const refusal = openEmbeddedPostgres({ ...cluster, settings: ['max_connections=nonsense'] });
  const message = /^The embedded Postgres did not start: (?!.*last words).*max_connections.* \(log: .*postgres\.log\)$/;
  await t.rejects(refusal, { name: 'Hint', message });
});
