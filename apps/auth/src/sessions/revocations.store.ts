import { type RunStatement } from '@alva/database';
import { type Revocation } from '@alva/validation';

/** A row as verifiers are told of it. */
const revocationColumns = `id as sid, to_char(ended_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "endedAt",
  case end_reason when 'signed-out' then 'signed-out' else 'revoked' end as reason`;

/** What ended of late, as JSON that is already written. */
export interface WrittenRevocations {
  /** Cryptographic, of all that the list says; 64 digits. */
  readonly digest: string;
  /** A JSON array of `Revocation`; null when the asker has the list with this digest already. */
  readonly sessions: string | null;
}

/**
 * $1 seconds back, $2 the digest of the list that the asker has. Whoever was last seen more than twice as long ago has neither
 * a token left nor a job younger than the list reaches: when everybody is put out at once, most sessions have been idle for
 * longer.
 *
 * Writing the list is most of what it costs, so it is not written for somebody who has it. One statement, so that digest and
 * list tell of the same moment. Counting sessions, or looking for the latest, would not do: one that ended earlier may be
 * committed later, just as another falls out of the list.
 */
const lateText = `
with late as materialized (
  select id, ended_at, end_reason from auth.sessions
  where ended_at >= now() - make_interval(secs => $1) and last_seen_at >= now() - make_interval(secs => 2 * $1)
  order by ended_at, id
), known as (
  select encode(sha256(coalesce(
    string_agg(uuid_send(id) || timestamptz_send(ended_at) || textsend(end_reason), ''::bytea order by ended_at, id), ''
  )), 'hex') as digest from late
)
select digest, case when digest <> $2 then (
  select '[' || coalesce(string_agg(row_to_json(revocation)::text, ',' order by ended_at, id), '') || ']'
  from late cross join lateral (select ${revocationColumns}) revocation
) end as sessions
from known`;

/** $1 sessions as JSON */
const amongText = `
select ${revocationColumns} from auth.sessions
where id in (select json_array_elements_text($1::text::json)::uuid) and ended_at is not null order by ended_at, id`;

export type RevocationsStore = ReturnType<typeof createRevocationsStore>;

export function createRevocationsStore(run: RunStatement) {
  return {
    /**
     * Sessions that were ended within the last `seconds`, if anything of them is left; those that merely expired are not among
     * them. `digest` is that of the list at hand, empty for none.
     */
    async ofLate(seconds: number, digest: string): Promise<WrittenRevocations> {
      const [written] = await run<WrittenRevocations>(lateText, [seconds, digest]);
      if (!written) throw new Error('The database did not say what ended of late');
      return written;
    },

    /** Those of the given sessions that were ended, as long as their rows are kept. */
    among: (sids: readonly string[]): Promise<Revocation[]> => run<Revocation>(amongText, [JSON.stringify(sids)]),
  };
}
