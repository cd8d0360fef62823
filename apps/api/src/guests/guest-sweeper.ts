import type { FastifyBaseLogger } from 'fastify';
import type { JobsService } from '../jobs/jobs.service.ts';
import type { PeopleStore } from '../people/people.store.ts';
import type { GuestsStore } from './guests.store.ts';

export interface GuestSweeperOptions {
  readonly guests: Pick<GuestsStore, 'expired'>;
  readonly people: Pick<PeopleStore, 'forget'>;
  readonly jobs: Pick<JobsService, 'cancelAll'>;
  readonly logger: FastifyBaseLogger;
  /** Milliseconds between two sweeps. */
  readonly every?: number;
}

/** At once; a process that shuts down waits for them. */
const most = 100;

/** Forgets guests who did not come back, with all that was theirs. Any number of sweepers may run: the second finds less to do. */
export function startGuestSweeper({ guests, people, jobs, logger, every = 600_000 }: GuestSweeperOptions) {
  async function sweep(): Promise<void> {
    const expired = await guests.expired(most);
    for (const userId of expired) {
      await jobs.cancelAll({ userId });
      await people.forget(userId);
    }
    if (expired.length > 0) logger.info({ count: expired.length }, 'forgot guests who did not come back');
  }

  function sweepSoundly(): Promise<void> {
    return sweep().catch((error: unknown) => logger.warn({ err: error }, 'guests could not be forgotten'));
  }

  let current = sweepSoundly();
  const timer = setInterval(() => {
    current = current.then(sweepSoundly);
  }, every);

  return {
    async stop(): Promise<void> {
      clearInterval(timer);
      await current;
    },
  };
}
