import { type RunStatement } from '@alva/database';
import { millisecondsOf } from '../sql-fragments.ts';

export interface EndedRow {
  readonly sid: string;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  readonly ordinary: boolean;
}

/** $1 seconds back, $2 a moment instead in milliseconds since 1970, or null */
const endedText = `
select id as sid, ${millisecondsOf('ended_at')} as "endedAt", end_reason = 'signed-out' as ordinary
from auth.sessions
where ended_at >= coalesce(to_timestamp($2::float8 / 1000), now() - make_interval(secs => $1))
order by ended_at, id`;

export type RevocationsStore = ReturnType<typeof createRevocationsStore>;

export function createRevocationsStore(run: RunStatement) {
  return {
    /** Sessions that were ended within the last `seconds`, or since that moment; those that merely expired are not. */
    list: (seconds: number, since: number | null): Promise<EndedRow[]> => run<EndedRow>(endedText, [seconds, since]),
  };
}
