/**
 * Counts what it costs, unless the window is full: then it changes and returns nothing. `from` makes it count once for each
 * row of something, or not at all.
 */
export const countUp = ({ key, cost = '1', most, window, from = '' }: Count) => `
  insert into auth.rate_limits as l (key, hits, resets_at)
  select ${key}, ${cost}, now() + make_interval(secs => ${window}) ${from}
  on conflict (key) do update set
    hits = excluded.hits + case when l.resets_at <= now() then 0 else l.hits end,
    resets_at = case when l.resets_at <= now() then excluded.resets_at else l.resets_at end
  where l.resets_at <= now() or l.hits < ${most}
  returning l.key, l.hits, l.resets_at`;

/** All of them are expressions of SQL; `window` is in seconds. */
interface Count {
  readonly key: string;
  readonly cost?: string;
  readonly most: string;
  readonly window: string;
  readonly from?: string;
}

/** For tries: a right one costs nothing, but needs a window that is not full. */
export const costOfTry = 'case when is_right then 0 else 1 end';

/** What a recipient is counted for, each by itself. */
type Purpose = 'link' | 'code' | 'number' | 'password' | 'reset' | 'email-change-to';

/**
 * The spelling under which a recipient is counted: most mailboxes ignore case, and nobody shall get more mail by that.
 */
export const limitKey = (purpose: Purpose, email: string) => `'${purpose}:' || lower(${email})`;
