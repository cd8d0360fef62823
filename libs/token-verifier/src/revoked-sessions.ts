const sweepEvery = 60_000;

export type RevokedSessions = ReturnType<typeof createRevokedSessions>;

export interface Clocks {
  /** Milliseconds since the epoch. Somebody may set it, ahead and back again. */
  readonly now: () => number;
  /** Milliseconds on a clock that nobody sets. */
  readonly uptime: () => number;
}

/** When a session may be forgotten, on both clocks. */
interface Held {
  readonly end: number;
  readonly keepUntil: number;
}

/**
 * The sessions whose tokens are refused although they have not expired, each until its last token has, and who wants to
 * hear of it. A session that ended never opens again, so nothing but time takes one out: and time has passed when both
 * clocks say so. A clock that was ahead for a moment would otherwise make it forget what nobody tells again.
 */
export function createRevokedSessions({ now, uptime }: Clocks) {
  const held = new Map<string, Held>();
  const listeners = new Map<string, Set<() => void>>();
  let nextSweep = -Infinity;

  /** Keeps the memory in proportion to the sessions that ended lately; looks at all of them once a minute at most. */
  function sweep(): void {
    const [at, up] = [now(), uptime()];
    if (up < nextSweep) return;
    nextSweep = up + sweepEvery;
    for (const [sid, { end, keepUntil }] of held) if (end <= at && keepUntil <= up) held.delete(sid);
  }

  return {
    sweep,
    size: () => held.size,
    /** How many sessions somebody listens for. */
    watched: () => listeners.size,

    /**
     * An earlier end than the one held changes nothing.
     * @param endedAt milliseconds since the epoch
     * @param lifetime how many milliseconds its tokens may live on
     */
    add(sid: string, endedAt: number, lifetime: number): void {
      sweep();
      const known = held.get(sid);
      const end = Math.max(endedAt + lifetime, known?.end ?? 0);
      // Heard again it is no younger: the list repeats each session until its time is over.
      held.set(sid, { end, keepUntil: known?.keepUntil ?? uptime() + lifetime });
      // Later, and each on its own: whoever fails in a listener has not failed to revoke.
      if (known === undefined) listeners.get(sid)?.forEach((listener) => queueMicrotask(listener));
    },

    has: (sid: string): boolean => held.has(sid),

    onRevoked(sid: string, listener: () => void): () => void {
      const own = () => listener();
      if (held.has(sid)) queueMicrotask(own);
      const others = listeners.get(sid) ?? new Set();
      listeners.set(sid, others.add(own));
      return () => {
        others.delete(own);
        if (others.size === 0 && listeners.get(sid) === others) listeners.delete(sid);
      };
    },
  };
}
