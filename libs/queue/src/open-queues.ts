import type { QueueBoard, QueueBoardOptions } from './board/queue-board.ts';
import { type Payloads, type QueueName } from './deliveries.ts';
import { openDeliveryQueue, type DeliveryQueue } from './delivery-queue.ts';
import { openDeliveryWorker, type DeliveryWorker, type Processor, type WorkerOptions } from './delivery-worker.ts';
import { createReport, type Logger } from './logger.ts';
import { type QueueRole } from './postgres/connection-config.ts';
import { openPostgresStore } from './postgres/store.ts';
import { openRedisStore } from './redis/store.ts';
import { QueueUnavailableError } from './queue-unavailable.ts';
import { type Store } from './store.ts';
import { createSwitchboard, publish, type Topics } from './topics.ts';
import { waitAtMost } from './wait-at-most.ts';

/** What hanging up may take: a peer gone silent does not say goodbye. */
const hangUp = 500;

export interface QueuesOptions {
  readonly databaseUrl: string;
  /** The role to act as in Postgres. */
  readonly role: QueueRole;
  /** When given, everything lives in Redis and Postgres is not touched. */
  readonly redisUrl?: string | undefined;
  /** Separates installations, or tests, that share a Redis. */
  readonly redisPrefix?: string;
  readonly logger: Logger;
}

export interface Queues {
  readonly store: Store['name'];
  queue<Name extends QueueName>(name: Name): DeliveryQueue<Payloads[Name]>;
  worker<Name extends QueueName>(
    name: Name,
    processor: Processor<Payloads[Name]>,
    options?: WorkerOptions,
  ): DeliveryWorker;
  readonly topics: Topics;
  /** Bull Board over these queues, to be looked at. Loaded when it is asked for: it is large, and few ever look. */
  board(names: readonly QueueName[], options: QueueBoardOptions): Promise<QueueBoard>;
  /** Rejects while the store does not answer or topics are not heard: for readiness. */
  check(): Promise<void>;
  /** Workers first: what runs may finish, or is put back, while everything it needs is still there. */
  close(): Promise<void>;
}

/** The one place that knows which store there is. With the store down it opens all the same, and works once it is up. */
export async function openQueues({
  databaseUrl,
  role,
  redisUrl,
  redisPrefix = 'alva',
  logger,
}: QueuesOptions): Promise<Queues> {
  const report = createReport(logger);
  const switchboard = createSwitchboard({ logger, report });
  const store = redisUrl
    ? await openRedisStore({ redisUrl, prefix: redisPrefix }, switchboard.events, report)
    : await openPostgresStore({ databaseUrl, role }, switchboard.events, report);
  const queues = new Map<QueueName, ReturnType<typeof openDeliveryQueue>>();
  const workers: ReturnType<typeof openDeliveryWorker>[] = [];
  let closed: Promise<void> | undefined;

  function openQueue<Name extends QueueName>(name: Name) {
    const open = queues.get(name) ?? openDeliveryQueue(store, name, report);
    queues.set(name, open);
    return open;
  }

  async function close(): Promise<void> {
    await Promise.all(workers.map((worker) => worker.close()));
    // A queue that never reached its store only closes once the store hangs up.
    const closing = [...queues.values()].map((queue) => queue.close());
    await waitAtMost(hangUp, store.close());
    await waitAtMost(hangUp, Promise.allSettled(closing));
  }

  return {
    store: store.name,
    queue: (name) => openQueue(name).queue,
    worker(name, processor, options = {}) {
      const open = openDeliveryWorker(store, name, processor, options, { logger, report });
      workers.push(open);
      return open.worker;
    },
    topics: { publish: (topic, message) => publish(store, topic, message), subscribe: switchboard.subscribe },
    async board(names, options) {
      const { openQueueBoard } = await import('./board/queue-board.ts');
      return openQueueBoard(store, new Map(names.map((name) => [name, openQueue(name).queue.bull])), options);
    },
    async check() {
      await store.ask(() => store.ping());
      if (!store.wire.live) throw new QueueUnavailableError('Topics are not heard');
    },
    close: () => (closed ??= close()),
  };
}
