import type { Count, Counters } from './counters.ts';

interface Window {
  hits: number;
  endsAt: number;
}

export interface LocalCounters extends Counters {
  /** What another copy knows replaces what this one counted. */
  correct(key: string, hits: number, remainingMs: number): void;
}

/** Counts in this process. Bounded: past `maxKeys` the oldest windows are forgotten first. */
export function createLocalCounters({ maxKeys = 50_000, now = Date.now } = {}): LocalCounters {
  const windows = new Map<string, Window>();

  function open(key: string, window: Window): Window {
    // Deleting first moves the key to the young end of the map.
    windows.delete(key);
    windows.set(key, window);
    if (windows.size > maxKeys) {
      for (const oldest of windows.keys()) {
        windows.delete(oldest);
        if (windows.size <= maxKeys) break;
      }
    }
    return window;
  }

  function hitLoosely(key: string, windowMs: number): Count {
    const time = now();
    let window = windows.get(key);
    if (!window || window.endsAt <= time) window = open(key, { hits: 0, endsAt: time + windowMs });
    window.hits += 1;
    return { hits: window.hits, remainingMs: window.endsAt - time };
  }

  return {
    hitLoosely,
    hit: async (key, windowMs) => hitLoosely(key, windowMs),
    async read(key) {
      const window = windows.get(key);
      const remainingMs = window ? window.endsAt - now() : 0;
      return window && remainingMs > 0 ? { hits: window.hits, remainingMs } : { hits: 0, remainingMs: 0 };
    },
    correct(key, hits, remainingMs) {
      open(key, { hits, endsAt: now() + remainingMs });
    },
  };
}
