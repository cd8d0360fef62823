import type { Delivery, DeliveryQueue } from '@alva/queue';
import type { JobDelivery, UserDeletedDelivery, UserForgottenDelivery } from '@alva/validation';
import type { FastifyBaseLogger } from 'fastify';
import type { JobsService } from '../jobs/jobs.service.ts';
import type { PeopleStore } from './people.store.ts';

export interface ForgetfulnessOptions {
  readonly store: PeopleStore;
  readonly jobs: Pick<JobsService, 'cancelAll'>;
  readonly jobQueue: Pick<DeliveryQueue<JobDelivery>, 'remove'>;
  readonly answers: Pick<DeliveryQueue<UserForgottenDelivery>, 'addAgain'>;
  readonly logger: FastifyBaseLogger;
}

/** The answer is tried for about a day; should it be lost all the same, auth asks again. */
const attempts = 1_500;

/**
 * Forgets somebody whom auth has deleted, and says so. Told twice it finds nothing to do and says it once more.
 *
 * Their sessions ended long before and no token of theirs is good any more, so nothing new comes; what still runs is
 * stopped first, and could not be stored either, because its row is gone.
 */
export function createForgetfulness({ store, jobs, jobQueue, answers, logger }: ForgetfulnessOptions) {
  return async ({ payload: { deletionId, userId } }: Delivery<UserDeletedDelivery>): Promise<void> => {
    const theirs = await store.jobs(userId);
    await jobs.cancelAll({ userId });
    for (const jobId of theirs) await jobQueue.remove(jobId);
    await store.forget(userId);
    await answers.addAgain({ deletionId }, { id: deletionId, attempts });
    logger.info({ deletionId, jobs: theirs.length }, 'forgot somebody who was deleted');
  };
}
