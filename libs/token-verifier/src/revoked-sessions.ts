const sweepEvery = 60_000;

/** The sessions whose tokens are refused although they have not expired, each until its last token has. */
export function createRevokedSessions(now: () => number) {
  const until = new Map<string, number>();
  let nextSweep = 0;

  return {
    /** @param end milliseconds since the epoch; an earlier end than the one held changes nothing */
    add(sid: string, end: number): void {
      const at = now();
      if (at >= nextSweep) {
        for (const [held, heldEnd] of until) if (heldEnd <= at) until.delete(held);
        nextSweep = at + sweepEvery;
      }
      until.set(sid, Math.max(end, until.get(sid) ?? 0));
    },

    has(sid: string, at: number): boolean {
      const end = until.get(sid);
      return end !== undefined && at < end;
    },
  };
}
