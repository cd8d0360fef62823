import { type Report } from '../logger.ts';
import { orUnavailable } from '../queue-unavailable.ts';
import { type Store, type WireEvents } from '../store.ts';
import { LastingBackend, LastingConnection } from './backend.ts';
import { connectionConfig, type QueueRole } from './connection-config.ts';
import { channel, openListener } from './listener.ts';

export async function openPostgresStore(
  { databaseUrl, role }: { databaseUrl: string; role: QueueRole },
  events: WireEvents,
  report: Report,
): Promise<Store> {
  const config = connectionConfig(databaseUrl, role);
  const shared = new LastingConnection(config, report);
  const listener = await openListener(config, events, report);
  return {
    name: 'postgres',
    // Queues ask short questions and share a pool; a worker waits on a LISTEN connection of its own.
    backend: (name, options, { withBlockingConnection = false } = {}) => {
      const connection = withBlockingConnection ? new LastingConnection(config, report) : shared;
      return new LastingBackend(connection, name, { ...options, connection: config }, withBlockingConnection);
    },
    ask: orUnavailable,
    wire: {
      get live() {
        return listener.live;
      },
      send: (line) => shared.pool.query(`select pg_notify('${channel}', $1)`, [line]),
    },
    ping: async () => {
      await shared.waitUntilReady();
      await shared.pool.query('select 1');
    },
    async close() {
      await listener.close();
      await shared.close();
    },
  };
}
