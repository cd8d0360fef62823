import type { Count, Counters } from './counters.ts';

interface Window {
  hits: number;
  endsAt: number;
}

/** Counts in this process. Bounded: past `maxKeys` the oldest windows are forgotten first. */
export function createLocalCounters({
  maxKeys = 50_000,
  now = Date.now,
}: { maxKeys?: number; now?: () => number } = {}): Counters {
  const windows = new Map<string, Window>();

  function forgetOldest(): void {
    for (const key of windows.keys()) {
      if (windows.size <= maxKeys) return;
      windows.delete(key);
    }
  }

  return {
    async hit(key, windowMs): Promise<Count> {
      const time = now();
      let window = windows.get(key);
      if (!window || window.endsAt <= time) {
        // Re-inserting moves the key to the young end of the map.
        windows.delete(key);
        window = { hits: 0, endsAt: time + windowMs };
        windows.set(key, window);
        if (windows.size > maxKeys) forgetOldest();
      }
      window.hits += 1;
      return { hits: window.hits, remainingMs: window.endsAt - time };
    },
    async read(key): Promise<Count> {
      const window = windows.get(key);
      const remainingMs = window ? window.endsAt - now() : 0;
      return window && remainingMs > 0 ? { hits: window.hits, remainingMs } : { hits: 0, remainingMs: 0 };
    },
  };
}
