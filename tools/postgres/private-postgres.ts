import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '../ports.ts';
import type { PrivateServer } from '../private-server.ts';
import { processBeginning } from '../processes/liveness.ts';
import { findBinaries } from './binaries.ts';
import { prepareHome } from './home.ts';
import { findRunning, type Postmaster } from './postmaster.ts';
import { dataOf, initialise, passwordOf, startServer } from './server.ts';

/** What is committed outlives the server's processes; only a power cut would lose it. */
const settings = ['fsync=off', 'full_page_writes=off', 'wal_level=minimal', 'max_wal_senders=0', 'max_connections=100'];

/** A cluster of its own that can be stopped in every way Postgres knows, and started again on the same port. */
export async function openPrivatePostgres(): Promise<PrivateServer> {
  const { home, user } = prepareHome(`private-postgres-${randomBytes(4).toString('hex')}`);
  const options = { home, user, native: findBinaries(user, join(home, '..')), settings };
  initialise(options);
  const port = await findFreePort();
  let server: Postmaster | undefined;

  async function stop(signal: NodeJS.Signals): Promise<void> {
    if (!server || !processBeginning(server.pid)) return;
    process.kill(server.pid, signal);
    while (processBeginning(server.pid)) await delay(5);
  }

  return {
    url: `postgres://postgres:${passwordOf(home)}@127.0.0.1:${port}/postgres`,
    async start() {
      // Clears away the note of one that was killed.
      await findRunning(dataOf(home));
      server = await startServer(options, port);
    },
    stop,
    async close() {
      await stop('SIGQUIT');
      rmSync(home, { recursive: true, force: true });
    },
  };
}
