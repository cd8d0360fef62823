import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import t, { type Test } from 'tap';
import { openEmbeddedPostgres, testCluster, type Cluster } from '../postgres/embedded-postgres.ts';
import { prepareHome } from '../postgres/home.ts';
import { findRunning } from '../postgres/postmaster.ts';
import { findFreePort } from '../ports.ts';
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
