import { type FastifyBaseLogger } from 'fastify';
import { prunables, type Prunable, type PruningStore } from './pruning.store.ts';

export interface PrunerOptions {
  readonly store: PruningStore;
  readonly log: FastifyBaseLogger;
  readonly onPruned: (what: Prunable, count: number) => void;
  readonly onFailed: (what: Prunable) => void;
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
export function startPruner({ store, log, onPruned, onFailed, every = 3_600_000 }: PrunerOptions): Pruner {
  const stopping = new AbortController();
  let running = Promise.resolve();
  let timer = later(every * Math.random());

  async function prune(): Promise<void> {
    for (const what of prunables) {
      try {
        const total = await pruneAll(what);
        onPruned(what, total);
        if (total > 0) log.info({ what, count: total }, 'pruned');
      } catch (err) {
        // One table in trouble must not let the others grow.
        onFailed(what);
        log.error({ err, what }, 'pruning failed and is tried again later');
      }
    }
  }

  async function pruneAll(what: Prunable): Promise<number> {
    let total = 0;
    while (!stopping.signal.aborted) {
      const { gone, isDone } = await store.prune(what);
      total += gone;
      if (isDone) break;
    }
    return total;
  }

  function later(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      running = prune().finally(() => {
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
