import { ProblemError } from '@alva/service-kit';

export interface HashQueueOptions {
  /** How many are worked on at a time. */
  readonly atOnce: number;
  /** How many may wait. */
  readonly mostWaiting?: number;
  /** Milliseconds that one waits. */
  readonly patienceMs?: number;
  readonly onRefused?: () => void;
}

export interface HashQueue {
  /**
   * Runs `work` when it is its turn. Throws `service-unavailable` when too many wait already, or its turn does not come in
   * time: whoever asks hears within three seconds, hashing included.
   */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Runs `work` at once, or not at all when somebody else would have to wait for it. */
  runIfIdle<Result>(work: () => Promise<Result>): Promise<Result | undefined>;
}

interface Waiting {
  start(): void;
}

/**
 * Hashing a password takes a processor for tens of milliseconds, and so many megabytes. So only a few are hashed at a
 * time, in threads that leave one processor to everything else, and the rest wait in line, outside of any transaction.
 */
export function createHashQueue(options: HashQueueOptions): HashQueue {
  const { atOnce, mostWaiting = 500, patienceMs = 2_000, onRefused } = options;
  const waiting = new Set<Waiting>();
  let running = 0;

  function overloaded(): ProblemError {
    onRefused?.();
    return new ProblemError('service-unavailable', {
      detail: 'More passwords are being checked than can be at a time. Try again shortly, or sign in by mail.',
    });
  }

  function takeTurn(): Promise<undefined> {
    if (running < atOnce) {
      running += 1;
      return Promise.resolve(undefined);
    }
    if (waiting.size >= mostWaiting) return Promise.reject(overloaded());
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const mine = {
      start: () => {
        clearTimeout(timer);
        resolve(undefined);
      },
    };
    const timer = setTimeout(() => {
      waiting.delete(mine);
      reject(overloaded());
    }, patienceMs);
    waiting.add(mine);
    return promise;
  }

  /** Hands its place on, so that nobody who comes now gets ahead of those who wait. */
  function giveTurn(): void {
    const [next] = waiting;
    if (!next) {
      running -= 1;
      return;
    }
    waiting.delete(next);
    next.start();
  }

  async function run<Result>(work: () => Promise<Result>): Promise<Result> {
    await takeTurn();
    try {
      return await work();
    } finally {
      giveTurn();
    }
  }

  return {
    run,
    runIfIdle: async (work) => (running < atOnce ? run(work) : undefined),
  };
}
