const sweepEvery = 60_000;

export type RevokedSessions = ReturnType<typeof createRevokedSessions>;

/**
 * The sessions whose tokens are refused although they have not expired, each until its last token has, and who wants to
 * hear of it. A session that ended never opens again, so nothing but time takes one out.
 */
export function createRevokedSessions(now: () => number) {
  const until = new Map<string, number>();
  const listeners = new Map<string, Set<() => void>>();
  let nextSweep = 0;

  /** Keeps the memory in proportion to the sessions that ended lately; looks at all of them once a minute at most. */
  function sweep(): void {
    const at = now();
    if (at < nextSweep) return;
    nextSweep = at + sweepEvery;
    for (const [sid, end] of until) if (end <= at) until.delete(sid);
  }

  return {
    sweep,
    size: () => until.size,
    /** How many sessions somebody listens for. */
    watched: () => listeners.size,

    /** @param end milliseconds since the epoch; an earlier end than the one held changes nothing */
    add(sid: string, end: number): void {
      sweep();
      if (end <= now()) return;
      const held = until.get(sid);
      until.set(sid, Math.max(end, held ?? 0));
      // Later, and each on its own: whoever fails in a listener has not failed to revoke.
      if (held === undefined) listeners.get(sid)?.forEach((listener) => queueMicrotask(listener));
    },

    has(sid: string, at: number): boolean {
      return at < (until.get(sid) ?? 0);
    },

    onRevoked(sid: string, listener: () => void): () => void {
      const own = () => listener();
      if (until.has(sid)) queueMicrotask(own);
      const others = listeners.get(sid) ?? new Set();
      listeners.set(sid, others.add(own));
      return () => {
        others.delete(own);
        if (others.size === 0 && listeners.get(sid) === others) listeners.delete(sid);
      };
    },
  };
}
