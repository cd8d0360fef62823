import { type RunStatement } from '@alva/database';
import { millisecondsOf } from '../sql-fragments.ts';

export interface EndedRow {
  readonly sid: string;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  readonly ordinary: boolean;
}

const columns = `id as sid, ${millisecondsOf('ended_at')} as "endedAt", end_reason = 'signed-out' as ordinary`;

/**
 * $1 seconds back. Whoever was last seen more than twice as long ago has neither a token left nor a job younger than the list
 * reaches: when everybody is put out at once, most sessions have been idle for longer.
 */
const lateText = `
select ${columns} from auth.sessions
where ended_at >= now() - make_interval(secs => $1) and last_seen_at >= now() - make_interval(secs => 2 * $1)
order by ended_at, id`;

/** $1 sessions as JSON */
const amongText = `
select ${columns} from auth.sessions
where id in (select json_array_elements_text($1::text::json)::uuid) and ended_at is not null order by ended_at, id`;

export type RevocationsStore = ReturnType<typeof createRevocationsStore>;

export function createRevocationsStore(run: RunStatement) {
  return {
    /** Sessions that were ended within the last `seconds`, if anything of them is left; those that merely expired are not among them. */
    ofLate: (seconds: number): Promise<EndedRow[]> => run<EndedRow>(lateText, [seconds]),

    /** Those of the given sessions that were ended, as long as their rows are kept. */
    among: (sids: readonly string[]): Promise<EndedRow[]> => run<EndedRow>(amongText, [JSON.stringify(sids)]),
  };
}
