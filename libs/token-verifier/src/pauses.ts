/** Recovery takes less than 30 s. */
const longestBackOff = 20_000;

/**
 * Milliseconds until the next try: the usual pause, or after failures 0.5 s, twice as long each time, up to 20 s.
 * Up to a quarter is left to chance, so that the copies of a service do not ask in step.
 */
export function pauseAfter(failures: number, usual: number): number {
  const pause = failures === 0 ? usual : Math.min(500 * 2 ** (failures - 1), longestBackOff);
  return pause * (0.75 + Math.random() / 4);
}

/** Runs something later and returns how to call it off. */
export type Schedule = (run: () => void, milliseconds: number) => () => void;

/** Never keeps a process alive. */
export function scheduleInBackground(run: () => void, milliseconds: number): () => void {
  const timer = setTimeout(run, milliseconds).unref();
  return () => clearTimeout(timer);
}
