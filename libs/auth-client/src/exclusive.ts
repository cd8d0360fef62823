/** A tab that hangs while it holds the lock must not keep the others from going on, milliseconds. */
const longestWait = 20_000;

/**
 * Runs one piece of work at a time. `waited` tells it that somebody else's has just ended, so that it can look first
 * whether there is anything left to do.
 */
export type Exclusive = <Value>(work: (waited: boolean) => Promise<Value>) => Promise<Value>;

/** One at a time across all tabs of the origin (Web Locks API). */
export function createTabLock(locks: LockManager, name: string): Exclusive {
  return async <Value>(work: (waited: boolean) => Promise<Value>): Promise<Value> => {
    const atOnce = await locks.request(name, { ifAvailable: true }, async (lock) =>
      lock === null ? undefined : { value: await work(false) },
    );
    if (atOnce !== undefined) return atOnce.value;
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), longestWait);
    try {
      return await locks.request(name, { signal: patience.signal }, () => {
        clearTimeout(timer);
        return work(true);
      });
    } catch (error) {
      // Auth answers two refreshes at once with the same successor, so going ahead without the lock is only wasteful.
      if (patience.signal.aborted) return await work(true);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
}

/** One at a time in this tab: for pages on plain http, where browsers offer no locks. */
export function createLocalLock(): Exclusive {
  let last: Promise<unknown> | undefined;
  return <Value>(work: (waited: boolean) => Promise<Value>): Promise<Value> => {
    const waited = last !== undefined;
    const mine = (last ?? Promise.resolve()).then(() => work(waited));
    const settled = mine
      .catch(() => undefined)
      .then(() => {
        if (last === settled) last = undefined;
      });
    last = settled;
    return mine;
  };
}
