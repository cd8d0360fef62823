import { type RunStatement } from '@alva/database';
import { type Requester } from '../http/requester.ts';
import { canEnd, endedColumns, selectEnded } from '../sessions/ending.sql.ts';
import { type EndedSession } from '../sessions/sessions.store.ts';

/** $1 session or token hash, $2 address, $3 request id, $4 client */
const endText = (which: string) => `
with ended as (
  update auth.sessions s set ended_at = now(), end_reason = 'revoked'
  where s.id = ${which} and ${canEnd('s')}
  returning ${endedColumns}
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id, detail)
  select 'token-revoked', user_id, id, $2, $3, json_build_object('client', $4::text)::jsonb from ended
)
${selectEnded}`;

const endByIdText = endText('$1');
const endByTokenText = endText('(select t.session_id from auth.refresh_tokens t where t.hash = $1)');

export type RevokeStore = ReturnType<typeof createRevokeStore>;

export function createRevokeStore(run: RunStatement) {
  async function end(text: string, key: string | Buffer, { address, requestId }: Requester, clientId: string) {
    const [row] = await run<EndedSession>(text, [key, address, requestId, clientId]);
    return row;
  }

  return {
    endSession: (id: string, requester: Requester, clientId: string) => end(endByIdText, id, requester, clientId),
    /** Of a refresh token, be it current or long spent. */
    endByToken: (hash: Buffer, requester: Requester, clientId: string) =>
      end(endByTokenText, hash, requester, clientId),
  };
}
