import { createBoundedWindows, type BoundedWindows, type Window } from './bounded-windows.ts';
import type { Count, Counters, Limit } from './counters.ts';

export interface LocalCounters extends Counters {
  /** What all copies counted together replaces what this one did. */
  correct(limit: Limit, key: string, count: Count): void;
}

export interface LocalCountersOptions {
  /** Of each limit, and once more of those that are well used. 50,000 come to about 12 MB. */
  maxKeys?: number;
  /** Milliseconds; a clock that is set anew must end no window. */
  now?: () => number;
}

/** Counts in this process. */
export function createLocalCounters({
  maxKeys = 50_000,
  now = () => performance.now(),
}: LocalCountersOptions = {}): LocalCounters {
  // By limit, so that a flood of addresses pushes out no accounts.
  const byLimit = new Map<string, BoundedWindows>();

  function windowsOf({ name }: Limit): BoundedWindows {
    let windows = byLimit.get(name);
    if (!windows) byLimit.set(name, (windows = createBoundedWindows(maxKeys)));
    return windows;
  }

  /** The present window; a new and empty one where there is none. */
  function present(limit: Limit, key: string, time: number): Window {
    const window = windowsOf(limit).get(key);
    return window && window.endsAt > time ? window : { hits: 0, endsAt: time + limit.windowSeconds * 1000 };
  }

  function put(limit: Limit, key: string, window: Window): void {
    windowsOf(limit).put(key, window, window.hits * 2 >= limit.max);
  }

  return {
    async take(limit, key) {
      const time = now();
      const window = present(limit, key, time);
      const granted = window.hits < limit.max;
      if (granted) {
        window.hits += 1;
        put(limit, key, window);
      }
      let owed = granted ? 1 : 0;
      return {
        granted,
        hits: window.hits,
        remainingMs: window.endsAt - time,
        async giveBack() {
          window.hits -= owed;
          owed = 0;
        },
      };
    },
    hit(limit, key) {
      const time = now();
      const window = present(limit, key, time);
      window.hits += 1;
      put(limit, key, window);
      return { hits: window.hits, remainingMs: window.endsAt - time };
    },
    async read(limit, key) {
      const time = now();
      const { hits, endsAt } = present(limit, key, time);
      return { hits, remainingMs: endsAt - time };
    },
    isAlone: () => false,
    correct(limit, key, { hits, remainingMs }) {
      put(limit, key, { hits, endsAt: now() + remainingMs });
    },
  };
}
