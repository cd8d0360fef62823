// Without a trace at run time: the board is loaded where it is looked at.
export type { BoardAnswer, BoardQuestion, QueueBoard } from './board/queue-board.ts';
export { type Delivery, type Payloads, type QueueName } from './deliveries.ts';
export { type DeliveryOptions, type DeliveryQueue } from './delivery-queue.ts';
export {
  DeliveryAbortedError,
  RetryLaterError,
  type AbortCause,
  type DeliveryWorker,
  type Processor,
  type WorkerOptions,
} from './delivery-worker.ts';
export { type Logger } from './logger.ts';
export { migrateQueue } from './migrate-queue.ts';
export { openQueues, type Queues, type QueuesOptions } from './open-queues.ts';
export { type QueueRole } from './postgres/connection-config.ts';
export { QueueUnavailableError } from './queue-unavailable.ts';
export { type Topics } from './topics.ts';
