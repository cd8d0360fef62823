/** Lets so many work at a time; the others wait for their turn in the order in which they came. */
export function createLine(most: number) {
  const waiting: (() => void)[] = [];
  let free = most;

  return async <Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
