import { type FastifyBaseLogger } from 'fastify';
import { prunables, type Prunable, type PruningStore } from './pruning.store.ts';

export interface PrunerOptions {
  readonly store: PruningStore;
  readonly log: FastifyBaseLogger;
  readonly onPruned: (what: Prunable, count: number) => void;
  /** Milliseconds between two runs. */
  readonly every?: number;
}

export interface Pruner {
  /** Deletes all there is to delete, a batch at a time. */
  prune(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Keeps the tables as large as what is alive in them. Nothing waits for it: every statement elsewhere judges by times, not by
 * whether a row is still there. Copies of the service begin at different moments and share the rows.
 */
export function startPruner({ store, log, onPruned, every = 3_600_000 }: PrunerOptions): Pruner {
  const stopping = new AbortController();
  let running = Promise.resolve();
  let timer = later(every * Math.random());

  async function prune(): Promise<void> {
    for (const what of prunables) {
      let total = 0;
      for (let isDone = false; !isDone && !stopping.signal.aborted;) {
        const { gone, ...rest } = await store.prune(what);
        total += gone;
        isDone = rest.isDone;
      }
      onPruned(what, total);
      if (total > 0) log.info({ what, count: total }, 'pruned');
    }
  }

  function later(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      running = prune()
        .catch((err: unknown) => log.warn({ err }, 'pruning failed and is tried again later'))
        .finally(() => {
          if (!stopping.signal.aborted) timer = later(every);
        });
    }, milliseconds).unref();
  }

  return {
    prune,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await running;
    },
  };
}
