import { RetryLaterError, type Queues } from '@alva/queue';
import { type FastifyBaseLogger } from 'fastify';
import { type Notify } from '../mail/notifier.ts';
import { type AuthMetrics } from '../metrics.ts';
import { type AnnounceEnds } from '../sessions/announcer.ts';
import { accountDeletedEmail } from './deletion.email.ts';
import { type DeletionsStore } from './deletions.store.ts';

export interface DeletionRunnerOptions {
  readonly store: DeletionsStore;
  readonly announceEnds: AnnounceEnds;
  readonly notify: Notify;
  readonly queues: Pick<Queues, 'queue' | 'worker'>;
  readonly metrics: Pick<AuthMetrics, 'countAccountChange' | 'observeUntoldDeletions'>;
  readonly log: FastifyBaseLogger;
  /** Seconds. */
  readonly tokenLifetime: number;
  /** Milliseconds between two looks. */
  readonly every?: number;
}

export interface DeletionRunner {
  /** What is due, once; the timer does nothing else. */
  run(): Promise<void>;
  stop(): Promise<void>;
}

/** A token is accepted this many seconds longer where clocks differ, and a request may take some to be done. */
const margin = 90;

/** The delivery is tried for about a day, and added again after that for as long as the api has not answered. */
const attempts = 1_500;

/**
 * Lets the people go whose time has come, and has the api forget them. Any number of copies may run: the rows are shared,
 * and who is told twice forgets once.
 *
 * The api is told by a delivery, and says that it is done by another. Until then the row in `auth.user_deletions` stays
 * and is delivered again: neither a service that is down nor a queue that lost everything makes anybody be remembered.
 */
export function startDeletionRunner(options: DeletionRunnerOptions): DeletionRunner {
  const { store, announceEnds, notify, queues, metrics, log, tokenLifetime, every = 60_000 } = options;
  const deletions = queues.queue('user-deleted');

  queues.worker('user-forgotten', async ({ payload: { deletionId } }) => {
    await store.acknowledge(deletionId);
    // The queue's own record names the person, so it goes as well, which it cannot before its worker has let go of it.
    if (!(await deletions.remove(deletionId))) throw new RetryLaterError('the delivery is still held', 500);
    log.info({ deletionId }, 'the api has forgotten somebody who was deleted');
  });

  async function run(): Promise<void> {
    await announceEnds(await store.shut());
    for (const to of await store.remove(tokenLifetime + margin)) {
      metrics.countAccountChange('account-deleted');
      await notify(accountDeletedEmail({ to }));
    }
    const untold = await store.listUntold();
    metrics.observeUntoldDeletions({ count: untold.length, age: untold[0]?.age ?? 0 });
    for (const { deletionId, userId } of untold)
      await deletions.addAgain({ deletionId, userId }, { id: deletionId, attempts, backoff: 1_000 });
  }

  const stopping = new AbortController();
  let running = Promise.resolve();
  function runSafely(): void {
    running = run()
      .catch((err: unknown) => log.error({ err }, 'people who are to be deleted wait for the next look'))
      .finally(() => {
        if (!stopping.signal.aborted) timer = later(every);
      });
  }
  const later = (milliseconds: number) => setTimeout(runSafely, milliseconds).unref();
  let timer = later(every * Math.random());

  return {
    run,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
