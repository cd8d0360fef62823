/**
 * Remembers how to close what was opened, in order; closes it in reverse. (`AsyncDisposableStack` does this from Node 24
 * on; the oldest Node supported here is 22, and names make the log of a stuck shutdown readable.)
 */
export interface Disposer {
  /** Call it right after opening: `disposer.add('database', () => database.close())`. */
  add(name: string, close: () => unknown): void;
  /** Closes everything, also when one fails; then throws what failed. */
  dispose(): Promise<void>;
}

export function createDisposer(): Disposer {
  const opened: { name: string; close: () => unknown }[] = [];
  return {
    add(name, close) {
      opened.push({ name, close });
    },
    async dispose() {
      const failures: Error[] = [];
      for (let last = opened.pop(); last; last = opened.pop()) {
        try {
          await last.close();
        } catch (cause) {
          failures.push(new Error(`${last.name} did not close`, { cause }));
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be closed');
    },
  };
}
