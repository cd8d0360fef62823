export interface Window {
  hits: number;
  /** On the clock of whoever keeps it. */
  endsAt: number;
}

export interface BoundedWindows {
  get(key: string): Window | undefined;
  /** Keeps the window; `used` says that it is worth more than those who merely came by. */
  put(key: string, window: Window, used: boolean): void;
}

/**
 * Windows of one limit. Memory is bounded, and being forgotten must be no way around a limit: whoever floods it with new
 * keys only pushes out windows as fresh as their own. Those that are well used stand on a shelf apart, where nobody gets
 * without using up as much, again for every single key.
 */
export function createBoundedWindows(maxKeysPerShelf: number): BoundedWindows {
  const fresh = createShelf(maxKeysPerShelf);
  const wellUsed = createShelf(maxKeysPerShelf);
  return {
    get: (key) => fresh.get(key) ?? wellUsed.get(key),
    put(key, window, used) {
      const [shelf, other] = used ? [wellUsed, fresh] : [fresh, wellUsed];
      if (shelf.get(key) === window) return;
      other.delete(key);
      shelf.add(key, window);
    },
  };
}

/** Past `maxKeys` the oldest go first. */
function createShelf(maxKeys: number) {
  const windows = new Map<string, Window>();
  // Kept, because a new iterator would walk over everything that was ever deleted before it finds the oldest.
  const oldest = windows.keys();
  return {
    get: (key: string) => windows.get(key),
    delete: (key: string) => windows.delete(key),
    add(key: string, window: Window) {
      // Deleting first moves the key to the young end of the map, where the iterator has yet to come.
      windows.delete(key);
      windows.set(key, window);
      if (windows.size <= maxKeys) return;
      const { value } = oldest.next();
      if (value !== undefined) windows.delete(value);
    },
  };
}
