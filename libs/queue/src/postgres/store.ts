import { type Report } from '../logger.ts';
import { orUnavailable } from '../queue-unavailable.ts';
import { type Store, type WireEvents } from '../store.ts';
import { LastingBackend, LastingConnection } from './backend.ts';
import { connectionConfig, type QueueRole } from './connection-config.ts';
import { openWire } from './wire.ts';

export async function openPostgresStore(
  { databaseUrl, role }: { databaseUrl: string; role: QueueRole },
  events: WireEvents,
  report: Report,
): Promise<Store> {
  const config = connectionConfig(databaseUrl, role);
  const shared = new LastingConnection(config, report);
  const wire = await openWire(config, events, report);
  return {
    name: 'postgres',
    // Queues only ask short questions and share a pool; a worker waits on a LISTEN connection of its own.
    backend: (name, options, { withBlockingConnection = false } = {}) => {
      const connection = withBlockingConnection ? new LastingConnection(config, report) : shared;
      return new LastingBackend(connection, name, { ...options, connection: config }, withBlockingConnection);
    },
    ask: orUnavailable,
    wire,
    ping: async () => {
      await shared.waitUntilReady();
      await shared.pool.query('select 1');
    },
    async close() {
      await wire.close();
      await shared.close();
    },
  };
}
