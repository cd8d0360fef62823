import { Queue, type IQueueBackend } from 'bullmq';
import { type Payloads, type QueueName } from './deliveries.ts';
import { type Report } from './logger.ts';
import { type Store } from './store.ts';

export interface DeliveryOptions {
  /** The id of the durable row behind it: while a delivery of this id is known, adding it again changes nothing. */
  readonly id: string;
  /** How often it is tried before it counts as failed. */
  readonly attempts?: number;
  /** The pause before the second attempt, in milliseconds; it doubles from there, up to a minute. */
  readonly backoff?: number;
  /** Milliseconds before the first attempt. */
  readonly delay?: number;
}

export interface DeliveryQueue<Payload> {
  add(payload: Payload, options: DeliveryOptions): Promise<void>;
  /**
   * For sweepers, which know that the work is not done: adds the delivery even when one of its id finished or failed
   * before. One that still waits or runs is left alone.
   */
  addAgain(payload: Payload, options: DeliveryOptions): Promise<void>;
  /** Takes a delivery back. False when it is being worked on, then its worker has to be told. */
  remove(id: string): Promise<boolean>;
  counts(): Promise<Record<CountedState, number>>;
  /** BullMQ's own view, for tests. */
  readonly bull: BullQueue;
}

export type BullQueue = Queue<unknown, void, string, unknown, void, string, IQueueBackend>;

const countedStates = ['waiting', 'active', 'delayed', 'failed'] as const;
type CountedState = (typeof countedStates)[number];

/** Finished deliveries are kept to be looked at and to recognise late duplicates, in bounded number and time. */
const kept = { removeOnComplete: { age: 3_600, count: 1_000 }, removeOnFail: { age: 7 * 86_400, count: 1_000 } };

export function openDeliveryQueue<Name extends QueueName>(store: Store, name: Name, report: Report) {
  const bull: BullQueue = new Queue(name, { connection: {}, streams: { events: { maxLen: 100 } } }, store.backend);
  bull.on('error', (error) => report(`queue ${name} failed`, error));

  const queue: DeliveryQueue<Payloads[Name]> = {
    bull,
    async add(payload, { id, attempts = 3, backoff = 1_000, delay = 0 }) {
      const options = { ...kept, jobId: id, attempts, delay, backoff: { type: 'doubling', delay: backoff } };
      await store.ask(() => bull.add(name, payload, options));
    },
    async addAgain(payload, options) {
      const state = await store.ask(() => bull.getJobState(options.id));
      if (state === 'completed' || state === 'failed') await store.ask(() => bull.remove(options.id));
      await queue.add(payload, options);
    },
    async remove(id) {
      await store.ask(() => bull.remove(id));
      return (await store.ask(() => bull.getJobState(id))) === 'unknown';
    },
    async counts() {
      const counts = await store.ask(() => bull.getJobCounts(...countedStates));
      return Object.fromEntries(countedStates.map((state) => [state, counts[state] ?? 0])) as Record<
        CountedState,
        number
      >;
    },
  };
  return { queue, close: () => bull.close() };
}
