import { type Logger, type Report } from './logger.ts';
import { type Store, type WireEvents } from './store.ts';

type Handler = (message: unknown, topic: string) => unknown;
type Unsubscribe = () => void;

/**
 * Short messages between processes: something happened, go and look. They reach whoever listens at that moment,
 * are never stored, and never replace the row they point at.
 */
export interface Topics {
  publish(topic: string, message: unknown): Promise<void>;
  /**
   * Takes effect at once and costs the store nothing. In a pattern `*` stands for one segment: `sessions.*.revoked`.
   * `onResync` is called when messages may have been missed, because the connection was lost and is back.
   */
  subscribe(pattern: string, handler: Handler, onResync?: () => unknown): Unsubscribe;
}

// Postgres refuses notifications of 8,000 bytes; the limit is the same on Redis, so that no message depends on the store.
const longestLine = 7_999;

/**
 * All topics share one channel and every process sorts what it hears. So a thousand open streams need no more from the store
 * than one, and after a connection loss there is a single thing to restore. BullMQ's own Relay was tried and left: it writes
 * rows for every subscription and message, after a restart of Redis it lost what was published in the 9 s until its next
 * heartbeat without telling anyone, and started while Postgres is down it never recovers.
 */
export function createSwitchboard({ logger, report }: { logger: Logger; report: Report }) {
  const exact = new Map<string, Set<Subscription>>();
  const wildcard = new Set<Subscription>();

  let lost = false;

  const events: WireEvents = {
    onLine(line) {
      const end = line.indexOf(' ');
      const topic = line.slice(0, end);
      const heard = [...(exact.get(topic) ?? []), ...[...wildcard].filter(({ pattern }) => matches(pattern, topic))];
      if (heard.length === 0) return;
      const read = readMessage(line.slice(end + 1));
      if (read) for (const { handler } of heard) call(() => handler(read.message, topic));
    },
    onLive() {
      // As serious as the errors before it: who saw those has to see that it is over.
      if (lost) logger.warn({}, 'the queue is reached again');
      else logger.info({}, 'topics are heard');
      lost = false;
      for (const { onResync } of [...wildcard, ...[...exact.values()].flatMap((set) => [...set])])
        call(() => onResync?.());
    },
    onLost() {
      lost = true;
    },
  };

  /** Whoever may use the database or the Redis may say anything on the channel. */
  function readMessage(text: string): { message: unknown } | undefined {
    try {
      return { message: JSON.parse(text) as unknown };
    } catch (error) {
      report('a message cannot be read', error);
      return undefined;
    }
  }

  // One subscriber's failure is not the others'.
  function call(handle: () => unknown): void {
    void (async () => handle())().catch((error: unknown) => report('a subscriber failed', error));
  }

  function subscribe(pattern: string, handler: Handler, onResync?: () => unknown): Unsubscribe {
    const subscription = { pattern: pattern.split('.'), handler, onResync };
    if (pattern.includes('*')) {
      wildcard.add(subscription);
      return () => wildcard.delete(subscription);
    }
    const listeners = exact.get(pattern) ?? new Set();
    exact.set(pattern, listeners.add(subscription));
    return () => {
      listeners.delete(subscription);
      if (listeners.size === 0 && exact.get(pattern) === listeners) exact.delete(pattern);
    };
  }

  return { events, subscribe };
}

interface Subscription {
  readonly pattern: readonly string[];
  readonly handler: Handler;
  readonly onResync: (() => unknown) | undefined;
}

function matches(pattern: readonly string[], topic: string): boolean {
  const segments = topic.split('.');
  return pattern.length === segments.length && pattern.every((part, index) => part === '*' || part === segments[index]);
}

export async function publish(store: Store, topic: string, message: unknown): Promise<void> {
  if (!/^[^\s.*]+(\.[^\s.*]+)*$/.test(topic)) throw new RangeError(`Not a topic: ${topic}`);
  const line = `${topic} ${JSON.stringify(message)}`;
  if (Buffer.byteLength(line) > longestLine) {
    throw new RangeError(`A message on ${topic} is longer than ${longestLine} bytes: say where to look instead`);
  }
  await store.ask(() => store.wire.send(line));
}
