import {
  exportDelivery,
  jobDelivery,
  mailDelivery,
  userDeletedDelivery,
  userForgottenDelivery,
  type ExportDelivery,
  type JobDelivery,
  type MailDelivery,
  type UserDeletedDelivery,
  type UserForgottenDelivery,
} from '@alva/validation';

/** What travels on each queue. Both ends share these schemas, so a change of a payload is a change of one line. */
export const deliverySchemas = {
  jobs: jobDelivery,
  mail: mailDelivery,
  exports: exportDelivery,
  'user-deleted': userDeletedDelivery,
  'user-forgotten': userForgottenDelivery,
} as const;

export type QueueName = keyof typeof deliverySchemas;
export interface Payloads {
  jobs: JobDelivery;
  mail: MailDelivery;
  exports: ExportDelivery;
  'user-deleted': UserDeletedDelivery;
  'user-forgotten': UserForgottenDelivery;
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
