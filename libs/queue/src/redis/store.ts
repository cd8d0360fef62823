import { createRedisBackend, type QueueOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { type Report } from '../logger.ts';
import { orUnavailable } from '../queue-unavailable.ts';
import { readStoreUrl } from '../store-url.ts';
import { type Store, type WireEvents } from '../store.ts';

const heartbeat = 5_000;

export async function openRedisStore(
  { redisUrl, prefix }: { redisUrl: string; prefix: string },
  events: WireEvents,
  report: Report,
): Promise<Store> {
  const { href } = readStoreUrl(redisUrl, ['redis:', 'rediss:']);
  const channel = `${prefix}:topics`;
  // Two connections a process: commands and publishing on one, and one that may only listen. Workers add their own.
  const client = connect(`${prefix}:queue`);
  const subscriber = connect(channel);
  const heard = Promise.withResolvers<unknown>();
  let live = false;

  function connect(connectionName: string): Redis {
    const redis = new Redis(href, {
      connectionName,
      // BullMQ's workers duplicate the client and wait in blocking commands: those must survive a reconnection.
      maxRetriesPerRequest: null,
      connectTimeout: 2_000,
      keepAlive: 10_000,
      retryStrategy: (times) => Math.min(2_000, 50 * 2 ** times),
      // After a failover the old primary answers READONLY until one connects anew.
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
      // Resubscribed by hand below, to know when it is done.
      autoResubscribe: false,
    });
    redis.on('error', (error) => report('redis connection failed', error));
    return redis;
  }

  subscriber.on('ready', () => {
    subscriber.subscribe(channel).then(
      () => {
        live = true;
        events.onLive();
        heard.resolve(live);
      },
      (error: unknown) => report('topics cannot be reached', error),
    );
  });
  subscriber.on('close', () => {
    live = false;
    events.onLost();
  });
  subscriber.on('message', (_channel, line) => events.onLine(line));
  const pulse = setInterval(() => {
    for (const redis of [client, subscriber]) {
      if (redis.status !== 'ready') continue;
      // A peer that went silent is hung up on; ioredis then connects anew.
      orUnavailable(() => redis.ping()).catch(() => redis.disconnect(true));
    }
  }, heartbeat);

  subscriber.once('error', heard.resolve);
  await Promise.all([heard.promise, new Promise((resolve) => client.once('ready', resolve).once('error', resolve))]);
  return {
    name: 'redis',
    backend: (name, options, kind) => {
      const withClient: QueueOptions = { ...options, connection: client, prefix };
      return createRedisBackend(name, withClient, kind);
    },
    ask: (question) =>
      orUnavailable(async () => {
        // ioredis would keep the question until Redis is back.
        if (client.status !== 'ready') throw new Error('not connected to Redis');
        return question();
      }),
    ping: () => client.ping(),
    wire: {
      get live() {
        return live;
      },
      send: (line) => client.publish(channel, line),
    },
    async close() {
      clearInterval(pulse);
      subscriber.disconnect();
      client.disconnect();
    },
  };
}
