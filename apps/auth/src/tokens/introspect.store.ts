import { type RunStatement } from '@alva/database';
import { type AuthenticationMethod } from '@alva/shared-types';
import { personColumns, type PersonRow } from '../accounts/person.ts';
import { presentedText } from '../sessions/sessions.sql.ts';
import { millisecondsOf } from '../sql-fragments.ts';

/** A refresh token that would still renew its session. Times are milliseconds since 1970. */
export interface UsableRefreshToken {
  readonly sessionId: string;
  readonly amr: AuthenticationMethod[];
  readonly authenticatedAt: number;
  readonly issuedAt: number;
  readonly usableUntil: number;
  readonly person: PersonRow;
}

/** $1 token hash. Judged as a refresh would judge it, but only looked at: a token that was reused stays to be detected. */
const findText = `
with presented as (${presentedText})
select p.session_id as "sessionId", to_json(p.amr) as amr, ${millisecondsOf('p.authenticated_at')} as "authenticatedAt",
  ${millisecondsOf('p.created_at')} as "issuedAt", ${millisecondsOf('p.usable_until')} as "usableUntil", ${personColumns('u')}
from presented p join auth.users u on u.id = p.user_id
where p.kind in ('retried', 'hurried')`;

export type IntrospectStore = ReturnType<typeof createIntrospectStore>;

export function createIntrospectStore(run: RunStatement) {
  return {
    async findUsable(token: Buffer): Promise<UsableRefreshToken | undefined> {
      type Row = Omit<UsableRefreshToken, 'person'> & PersonRow;
      const [row] = await run<Row>(findText, [token]);
      if (!row) return undefined;
      const { sessionId, amr, authenticatedAt, issuedAt, usableUntil, ...person } = row;
      return { sessionId, amr, authenticatedAt, issuedAt, usableUntil, person };
    },
  };
}
