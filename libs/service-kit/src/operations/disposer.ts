/**
 * Remembers how to close what was opened, in order; closes it in reverse. (`AsyncDisposableStack` does this from Node 24
 * on; the oldest Node supported here is 22, and names make the log of a stuck shutdown readable.)
 */
export interface Disposer {
  /** Call it right after opening: `disposer.add('database', () => database.close())`. */
  add(name: string, close: () => unknown): void;
  /** What is still open, last opened first: says where a shutdown is stuck. */
  open(): string[];
  /** Closes everything, also when one fails; then throws what failed. */
  dispose(): Promise<void>;
}

export function createDisposer(): Disposer {
  const opened: { name: string; close: () => unknown }[] = [];
  return {
    add(name, close) {
      opened.push({ name, close });
    },
    open: () => opened.map(({ name }) => name).reverse(),
    async dispose() {
      const failures: Error[] = [];
      for (let last = opened.at(-1); last; last = opened.at(-1)) {
        try {
          await last.close();
        } catch (cause) {
          failures.push(new Error(`${last.name} did not close`, { cause }));
        }
        opened.splice(opened.indexOf(last), 1);
      }
      if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be closed');
    },
  };
}
