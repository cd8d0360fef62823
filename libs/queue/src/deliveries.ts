import { jobDelivery, mailDelivery, type JobDelivery, type MailDelivery } from '@alva/validation';

/** What travels on each queue. Both ends share these schemas, so a change of a payload is a change of one line. */
export const deliverySchemas = { jobs: jobDelivery, mail: mailDelivery } as const;

export type QueueName = keyof typeof deliverySchemas;
export interface Payloads {
  jobs: JobDelivery;
  mail: MailDelivery;
}

/** One turn of a processor with a payload. The store promises at least one turn, never exactly one. */
export interface Delivery<Payload> {
  readonly id: string;
  readonly payload: Payload;
  /** Counts from 1; a turn cut short by a crash or a shutdown is not counted. */
  readonly attempt: number;
  /** When this turn throws, no other follows by itself. */
  readonly lastAttempt: boolean;
}
