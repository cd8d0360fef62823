import { type RunStatement } from '@alva/database';
import { type Requester } from '../http/requester.ts';
import { countUp } from '../limits.sql.ts';
import { secondsUntil } from '../sql-fragments.ts';

export interface Limit {
  readonly max: number;
  readonly windowSeconds: number;
}

const limitKey = (session: string) => `'step-up:' || ${session}`;

/** $1 session, $2 hash, $3 lifetime, $4 most per window, $5 window, $6 user, $7 address, $8 request id. No row: enough were sent. */
const insertText = `
with counted as (
  ${countUp({ key: limitKey('$6::text'), most: '$4', window: '$5' })}
), code as (
  insert into auth.step_up_codes (session_id, code_hash, expires_at)
  select $1::uuid, $2, now() + make_interval(secs => $3) from counted
  on conflict (session_id) do update set code_hash = excluded.code_hash, tries = 0, expires_at = excluded.expires_at
  returning session_id
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id)
  select 'step-up-code-sent', $6::uuid, session_id, $7, $8 from code
)
select session_id from code`;

/** $1 user */
const limitText = `select ${secondsUntil('resets_at')} as "resetsIn" from auth.rate_limits where key = ${limitKey('$1::text')}`;

/** $1 session, $2 hash, $3 most tries. Judging and counting are one; a right code is used up. No row: none may be tried. */
const useText = `
with code as (
  select c.session_id, c.code_hash = $2 as is_right from auth.step_up_codes c
  where c.session_id = $1 and c.tries < $3 and c.expires_at > now()
  for update
), tried as (
  update auth.step_up_codes c
  set tries = c.tries + 1, expires_at = case when code.is_right then now() else c.expires_at end
  from code where c.session_id = code.session_id
)
select is_right as "isRight" from code`;

export type StepUpCodesStore = ReturnType<typeof createStepUpCodesStore>;

export function createStepUpCodesStore(run: RunStatement) {
  return {
    /** False when this person was sent enough. The code before is void. */
    async insert(
      {
        sessionId,
        userId,
        codeHash,
        lifetime,
      }: { sessionId: string; userId: string; codeHash: Buffer; lifetime: number },
      { max, windowSeconds }: Limit,
      { address, requestId }: Requester,
    ): Promise<boolean> {
      const parameters = [sessionId, codeHash, lifetime, max, windowSeconds, userId, address, requestId];
      return (await run(insertText, parameters)).length > 0;
    },

    /** Seconds until this person may be sent another. */
    async findLimit(userId: string): Promise<number> {
      const [row] = await run<{ resetsIn: number }>(limitText, [userId]);
      return row?.resetsIn ?? 1;
    },

    /** Spends a right code, counts a wrong one. */
    async use(sessionId: string, codeHash: Buffer, mostTries: number): Promise<boolean> {
      const [row] = await run<{ isRight: boolean }>(useText, [sessionId, codeHash, mostTries]);
      return row?.isRight ?? false;
    },
  };
}
