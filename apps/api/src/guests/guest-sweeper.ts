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

/** Read at once. */
const most = 100;

/** Forgets guests who did not come back, with all that was theirs. Any number of sweepers may do the same at once. */
export function startGuestSweeper({ guests, people, jobs, logger, every = 600_000 }: GuestSweeperOptions) {
  let stopped = false;

  /** Comes by each of them once, so that one who cannot be forgotten holds up nobody. */
  async function sweep(): Promise<void> {
    let count = 0;
    let expired: string[] = [];
    do {
      expired = await guests.expired(most, expired.at(-1));
      for (const userId of expired) {
        // Whoever shuts down waits for one guest, not for all.
        if (stopped) return;
        if (await forget(userId)) count += 1;
      }
    } while (expired.length === most);
    if (count > 0) logger.info({ count }, 'forgot guests who did not come back');
  }

  async function forget(userId: string): Promise<boolean> {
    try {
      await jobs.cancelAll({ userId });
      await people.forget(userId);
      return true;
    } catch (error) {
      logger.warn({ err: error, userId }, 'a guest could not be forgotten');
      return false;
    }
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
      stopped = true;
      clearInterval(timer);
      await current;
    },
  };
}
