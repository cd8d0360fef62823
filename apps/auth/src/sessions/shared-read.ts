/**
 * Lets many share one read: whoever asks gets what was read after they asked, and at any moment one read is under way and at
 * most one more is waiting to begin, however many ask.
 */
export function shareReads<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let running: Promise<unknown> | undefined;
  let next: Promise<Value> | undefined;

  function begin(): Promise<Value> {
    next = undefined;
    const reading = read();
    const ended = reading
      .catch(() => undefined)
      .finally(() => {
        if (running === ended) running = undefined;
      });
    running = ended;
    return reading;
  }

  return () => (running === undefined ? begin() : (next ??= running.then(begin)));
}
