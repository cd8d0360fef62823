/**
 * Lets many share one read: whoever asks gets what was read after they asked, and at any moment one read is under way and at
 * most one more is waiting to begin, however many ask.
 */
export function shareReads<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<Value> | undefined;

  function begin(): Promise<Value> {
    next = undefined;
    const reading = read();
    running = reading.catch(() => undefined);
    return reading;
  }

  return () => (next ??= running.then(begin));
}
