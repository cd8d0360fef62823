import { type RunStatement } from '@alva/database';

/** Each statement deletes a batch; rows that another copy is deleting at this moment are skipped, so copies share the work. */
const batch = 2_000;

/** `which` selects the keys of the rows to go. */
const prune = (table: string, key: string, which: string) => `
with gone as (
  delete from auth.${table} where ${key} in (${which} limit ${batch} for update skip locked) returning 1
)
select count(*)::int as gone from gone`;

const statements = {
  // A token whose time is over cannot renew anything, and presenting it is answered like presenting an unknown one. Kept all
  // the same is the predecessor of a current token that was never used: however late, it still answers a retry; and what
  // was spent a moment ago, which does so as well.
  'expired refresh tokens': prune(
    'refresh_tokens',
    'hash',
    `select t.hash from auth.refresh_tokens t
    where t.expires_at < now() and (t.spent_at is null or t.spent_at < now() - interval '1 minute') and not exists (
      select from auth.refresh_tokens c
      where c.session_id = t.session_id and c.sequence = t.sequence + 1 and c.spent_at is null and c.expires_at > now()
    )
    order by t.expires_at`,
  ),
  // Looks back a day only: whatever was missed goes when its own time is over.
  'refresh tokens of ended sessions': prune(
    'refresh_tokens',
    'hash',
    `select t.hash from auth.refresh_tokens t where t.session_id in (
      select id from auth.sessions where ended_at between now() - interval '2 days' and now() - interval '1 day'
    )`,
  ),
  // A week after their end, sessions are history, which the audit trail keeps.
  'past sessions': prune(
    'sessions',
    'id',
    `select id from auth.sessions
    where ended_at < now() - interval '7 days' or expires_at < now() - interval '7 days'`,
  ),
  // For a week, a late click still learns that the link has expired rather than that it is unknown.
  'past sign-in attempts': prune(
    'sign_in_attempts',
    'id',
    `select id from auth.sign_in_attempts where expires_at < now() - interval '7 days'`,
  ),
  // As with those, a late click learns for a week that its link has expired.
  'past one-time tokens': prune(
    'one_time_tokens',
    'id',
    `select id from auth.one_time_tokens where expires_at < now() - interval '7 days'`,
  ),
  // Where a mail came back is what later ones are judged by.
  'past mails': prune(
    'mails',
    'id',
    `select id from auth.mails
    where created_at < now() - case when state in ('bounced', 'complained') then interval '180 days' else interval '30 days' end`,
  ),
  'forgotten devices': prune(
    'known_devices',
    '(user_id, device, country)',
    `select user_id, device, country from auth.known_devices where last_seen_at < now() - interval '1 year'`,
  ),
  // For a day, an answer that comes late or twice still learns that it does.
  'past provider attempts': prune(
    'provider_attempts',
    'id',
    `select id from auth.provider_attempts where expires_at < now() - interval '1 day'`,
  ),
  'past second factor challenges': prune(
    'second_factor_challenges',
    'id',
    `select id from auth.second_factor_challenges where expires_at < now() - interval '1 day'`,
  ),
  'answered passkey challenges': prune(
    'spent_passkey_challenges',
    'challenge_hash',
    `select challenge_hash from auth.spent_passkey_challenges where expires_at < now() - interval '1 minute'`,
  ),
  // For as long as somebody may ask what a link of theirs was for; an open way back is later than that.
  'past changes of address': prune(
    'email_changes',
    'id',
    `select id from auth.email_changes where expires_at < now() - interval '7 days'`,
  ),
  'past exports': prune('data_exports', 'user_id', `select user_id from auth.data_exports where expires_at < now()`),
  'past limits': prune('rate_limits', 'key', `select key from auth.rate_limits where resets_at < now()`),
} as const;

export type Prunable = keyof typeof statements;
export const prunables = Object.keys(statements) as Prunable[];

export type PruningStore = ReturnType<typeof createPruningStore>;

export function createPruningStore(run: RunStatement) {
  return {
    /** Deletes some of what nobody needs any more. */
    async prune(what: Prunable): Promise<{ gone: number; isDone: boolean }> {
      const [row] = await run<{ gone: number }>(statements[what]);
      const gone = row?.gone ?? 0;
      return { gone, isDone: gone < batch };
    },
  };
}
