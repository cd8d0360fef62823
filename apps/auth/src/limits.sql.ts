/** Counts what it costs, unless the window is full: then it changes and returns nothing. */
export const countWithin = (max: string) => `
  on conflict (key) do update set
    hits = excluded.hits + case when l.resets_at <= now() then 0 else l.hits end,
    resets_at = case when l.resets_at <= now() then excluded.resets_at else l.resets_at end
  where l.resets_at <= now() or l.hits < ${max}
  returning l.key, l.hits, l.resets_at`;
