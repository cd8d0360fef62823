import { setTimeout as delay } from 'node:timers/promises';

/**
 * Lets many share one read: whoever asks gets what was read after they asked, and at any moment one read is under way and at
 * most one more is waiting to begin, however many ask. `restAfter` says how many milliseconds are to pass before that.
 */
export function shareReads<Value>(
  read: () => Promise<Value>,
  restAfter: (value: Value, before: Value | undefined) => number = () => 0,
): () => Promise<Value> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<Value> | undefined;
  let last: Value | undefined;

  function begin(): Promise<Value> {
    next = undefined;
    const reading = read();
    running = reading.then(rest).catch(() => undefined);
    return reading;
  }

  async function rest(value: Value): Promise<void> {
    const milliseconds = restAfter(value, last);
    last = value;
    if (milliseconds > 0) await delay(milliseconds);
  }

  return () => (next ??= running.then(begin));
}
