import { type RunStatement } from '@alva/database';
import { millisecondsOf } from '../sql-fragments.ts';

export interface EndedRow {
  readonly sid: string;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  readonly ordinary: boolean;
}

const columns = `id as sid, ${millisecondsOf('ended_at')} as "endedAt", end_reason = 'signed-out' as ordinary`;

/** $1 seconds back */
const lateText = `
select ${columns} from auth.sessions where ended_at >= now() - make_interval(secs => $1) order by ended_at, id`;

/** $1 sessions as JSON */
const amongText = `
select ${columns} from auth.sessions
where id in (select json_array_elements_text($1::text::json)::uuid) and ended_at is not null order by ended_at, id`;

export type RevocationsStore = ReturnType<typeof createRevocationsStore>;

export function createRevocationsStore(run: RunStatement) {
  return {
    /** Sessions that were ended within the last `seconds`; those that merely expired are not. */
    ofLate: (seconds: number): Promise<EndedRow[]> => run<EndedRow>(lateText, [seconds]),

    /** Those of the given sessions that were ended, as long as their rows are kept. */
    among: (sids: readonly string[]): Promise<EndedRow[]> => run<EndedRow>(amongText, [JSON.stringify(sids)]),
  };
}
