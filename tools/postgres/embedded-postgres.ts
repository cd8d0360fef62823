import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort, isPortFree, takenPort } from '../ports.ts';
import { postGuard } from '../processes/guard.ts';
import { findBinaries } from './binaries.ts';
import { prepareHome, type ClusterHome } from './home.ts';
import { keepAlive } from './keep-alive.ts';
import { withLeases, type Leases } from './leases.ts';
import { findRunning, stopPostmaster, type Postmaster } from './postmaster.ts';
import { logOf } from './server-log.ts';
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
  /** Starts the server again when it ends unasked, and tells `show`; resolves after `release`, rejects when it keeps ending. */
  keepAlive: (show: (line: string) => void) => Promise<void>;
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
    'max_connections=600',
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
  const data = dataOf(home);
  const released = new AbortController();
  const open = async (leases: Leases) =>
    (await joinServer(home)) ?? (await launch(cluster, { home, user, isHeld: leases.count() > 0 }));
  const { server, lease } = await withLeases(leasesOf(home), async (leases) => {
    const server = await open(leases);
    return { server, lease: leases.add() };
  });
  return {
    url: `postgres://postgres:${passwordOf(home)}@127.0.0.1:${server.port}/${cluster.database ?? 'postgres'}`,
    port: server.port,
    keepAlive: (show) =>
      keepAlive({
        ...{ data, log: logOf(home), server, show, released: released.signal },
        // Released while it waited for its turn, it would start what nobody stops.
        startAgain: () =>
          withLeases(leasesOf(home), async (leases) => (released.signal.aborted ? undefined : open(leases))),
      }),
    async release() {
      released.abort();
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

interface Place extends ClusterHome {
  /** Somebody uses the server, and would look for it where it was. */
  isHeld: boolean;
}

async function launch(cluster: Cluster, { home, user, isHeld }: Place): Promise<Postmaster> {
  const port = await choosePort(cluster, home, isHeld);
  if (!(await isPortFree(port))) throw await takenPort(port, 'the embedded Postgres');
  const options = { ...cluster, home, user, native: findBinaries(user, join(home, '..')) };
  initialise(options);
  return startServer(options, port);
}

/** The same port as last time where possible, so that a client left open finds the next run; for one in use, certainly. */
async function choosePort(cluster: Cluster, home: string, isHeld: boolean): Promise<number> {
  const file = join(home, 'port');
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (last && isHeld) return last;
  const port = cluster.port ?? (last && (await isPortFree(last)) ? last : await findFreePort());
  writeFileSync(file, String(port));
  return port;
}
