import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { JobStatus } from '@bull-board/api/typings/app';
import type { Job, Queue } from 'bullmq';
import { deliverySchemas, type QueueName } from '../deliveries.ts';
import { type BullQueue } from '../delivery-queue.ts';

const reasonIsElsewhere = 'The log has the reason, under this id.';
const notOurs = 'Not shown: this is no delivery of ours.';

/**
 * A queue as people who look after it get to see it. Nothing can be changed through it, and it shows what our schemas know
 * of a payload, which is ids alone. Errors stay in the log: a driver's message may repeat what somebody wrote.
 */
export class DiscreetQueue extends BullMQAdapter {
  constructor(name: QueueName, queue: BullQueue) {
    // It only ever asks; its type allows for payloads of any kind.
    super(queue as unknown as Queue, { readOnlyMode: true });
    this.setFormatter('data', (data: unknown) => deliverySchemas[name].safeParse(data).data ?? notOurs);
    this.setFormatter('returnValue', () => null);
  }

  override async getJob(id: string): Promise<Job | undefined> {
    const job = await super.getJob(id);
    return job && withoutErrors(job);
  }

  override async getJobs(states: JobStatus[], start?: number, end?: number): Promise<Job[]> {
    return (await super.getJobs(states, start, end)).map(withoutErrors);
  }

  override async getJobLogs(): Promise<string[]> {
    return [];
  }
}

/** Changes the copy that was read, not what is stored. */
function withoutErrors(job: Job): Job {
  if (job.failedReason) job.failedReason = reasonIsElsewhere;
  if (job.deferredFailure) job.deferredFailure = reasonIsElsewhere;
  job.stacktrace = [];
  return job;
}
