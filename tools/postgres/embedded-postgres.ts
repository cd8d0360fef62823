import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort, isPortFree, takenPort } from '../ports.ts';
import { postGuard } from '../processes/guard.ts';
import { findBinaries } from './binaries.ts';
import { prepareHome } from './home.ts';
import { withLeases } from './leases.ts';
import { findRunning, stopPostmaster, type Postmaster } from './postmaster.ts';
import type { ServerUser } from './server-user.ts';
import { dataOf, initialise, passwordOf, startServer } from './server.ts';

export interface Cluster {
  /** Folder name below `.data`. */
  name: string;
  /** Fixed for people who look inside; otherwise a free one, kept for the next time. */
  port?: number;
  database?: string;
  settings: string[];
}

export interface EmbeddedPostgres {
  /** Superuser URL of the cluster's database. */
  url: string;
  port: number;
  /** Gives the lease back; the last one out stops the server. */
  release: () => Promise<void>;
}

/** For `npm start` and `nx serve`: durable, on a port one can point a client at. */
export function developmentCluster(port: number): Cluster {
  return {
    name: 'postgres',
    port,
    database: 'alva',
    // By its name services recognise this cluster, and refuse it in production.
    settings: ['max_connections=100', 'cluster_name=alva-embedded'],
  };
}

/** For tests: nothing in it outlives a power cut, which makes creating databases several times faster. */
export const testCluster: Cluster = {
  name: 'test-postgres',
  settings: [
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'wal_level=minimal',
    'max_wal_senders=0',
    'max_connections=300',
  ],
};

/** For measurements: every commit is on the disk before it is answered, as in production. */
export const benchCluster: Cluster = {
  name: 'bench-postgres',
  settings: ['max_connections=200', 'shared_buffers=256MB', 'max_wal_size=4GB'],
};

/** Starts the cluster's server, or joins the one another process started, and keeps it running until `release`. */
export async function openEmbeddedPostgres(cluster: Cluster): Promise<EmbeddedPostgres> {
  const { home, user } = prepareHome(cluster.name);
  const guard = postGuard('postgres', home);
  const { port, lease } = await withLeases(leasesOf(home), async (leases) => {
    const server = (await joinServer(home)) ?? (await launch(cluster, home, user));
    return { port: server.port, lease: leases.add() };
  });
  return {
    url: `postgres://postgres:${passwordOf(home)}@127.0.0.1:${port}/${cluster.database ?? 'postgres'}`,
    port,
    async release() {
      await withLeases(leasesOf(home), async (leases) => {
        leases.remove(lease);
        if (leases.count() === 0) await stopPostmaster(dataOf(home));
      });
      guard.dismiss();
    },
  };
}

/** For the guard of a launcher that was killed: its lease ended with it, and with the last lease the server does. */
export async function stopAbandoned(home: string): Promise<void> {
  if (!existsSync(leasesOf(home))) return;
  await withLeases(leasesOf(home), async (leases) => {
    if (leases.count() === 0) await stopPostmaster(dataOf(home));
  });
}

function leasesOf(home: string): string {
  return join(home, 'leases.sqlite');
}

/** A server another process started a moment ago may still be on its way. */
async function joinServer(home: string): Promise<Postmaster | undefined> {
  for (;;) {
    const running = await findRunning(dataOf(home));
    if (!running || running.ready) return running;
    await delay(10);
  }
}

async function launch(cluster: Cluster, home: string, user: ServerUser | undefined): Promise<{ port: number }> {
  const port = cluster.port ?? (await rememberedPort(home));
  if (!(await isPortFree(port))) throw await takenPort(port, 'the embedded Postgres');
  const options = { ...cluster, home, user, native: findBinaries(user, join(home, '..')) };
  initialise(options);
  await startServer(options, port);
  return { port };
}

/** The same port as last time where possible, so that a client left open finds the next run. */
async function rememberedPort(home: string): Promise<number> {
  const file = join(home, 'port');
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (last && (await isPortFree(last))) return last;
  const port = await findFreePort();
  writeFileSync(file, String(port));
  return port;
}
