import { newIdentifier, type RunStatement } from '@alva/database';
import { type Requester } from '../http/requester.ts';
import { type EndedSession } from '../sessions/sessions.store.ts';
import { keptText } from './email-changes.sql.ts';
import { dispossessText } from './dispossess.sql.ts';
import { personColumns, type PersonRow } from './person.ts';

export interface ProvenAccount {
  readonly person: PersonRow;
  readonly disabled: boolean;
  /** Whether the address was proven just now for the first time, which also makes accounts. */
  readonly firstProven?: boolean;
  /** An account that left this address can still be taken back to it, and a new one would be in its way: to be rolled back. */
  readonly addressIsKept?: boolean;
  /** Sessions that ended because of that, to be announced once it is committed. */
  readonly ended?: readonly EndedSession[];
}

type ProvenRow = PersonRow & { readonly disabled: boolean; readonly firstProven: boolean };

/**
 * $1 id if new, $2 address, $3 network address, $4 request id.
 *
 * One statement decides whether the address has an account already, so two links opened at once make one. The row is locked
 * until the session is stored: somebody disabling the account meanwhile comes before or after, never in between.
 * What was verified in this very transaction bears its time.
 */
const proveText = `
with account as (
  insert into auth.users as u (id, email, email_verified_at)
  values ($1, $2, now())
  on conflict (email) do update set
    email_verified_at = coalesce(u.email_verified_at, now())
  returning u.disabled_at is not null as disabled, u.email_verified_at = now() as "firstProven", ${personColumns('u')}
), audit as (
  insert into auth.audit_events (event, user_id, address, request_id)
  select 'account-created', id, $3, $4 from account where id = $1
)
select * from account`;

/** $1 user, $2 address. Undefined when the account has another one by now. */
const verifyText = `
update auth.users u set email_verified_at = coalesce(u.email_verified_at, now()) where u.id = $1 and u.email = $2
returning u.disabled_at is not null as disabled, u.email_verified_at = now() as "firstProven", ${personColumns('u')}`;

/** $1 user, $2 network address, $3 request id. Of any number that come at once, one changes something and says so. */
const makeAdminText = `
with changed as (
  update auth.users u set roles = u.roles || '{admin}', updated_at = now()
  where u.id = $1 and not 'admin' = any (u.roles)
  returning ${personColumns('u')}
), audit as (
  insert into auth.audit_events (event, user_id, address, request_id, detail)
  select 'roles-changed', id, $2, $3, json_build_object('roles', roles, 'because', 'ALVA_INIT_ADMIN_EMAIL')::jsonb from changed
)
select * from changed`;

/** $1 user */
const lockText = `
select u.disabled_at is not null as disabled, ${personColumns('u')} from auth.users u where u.id = $1 for no key update`;

/** $1 user, $2 name, $3 session, $4 network address, $5 request id. The trail says that it changed, not what to. */
const renameText = `
with changed as (
  update auth.users u set name = $2, updated_at = now() where u.id = $1 returning ${personColumns('u')}
), audit as (
  insert into auth.audit_events (event, user_id, session_id, address, request_id)
  select 'name-changed', id, $3, $4, $5 from changed
)
select * from changed`;

export type UsersStore = ReturnType<typeof createUsersStore>;

export function createUsersStore(run: RunStatement) {
  async function claim(
    { disabled, firstProven, ...person }: ProvenRow,
    keepsPassword: boolean,
    { address, requestId }: Pick<Requester, 'address' | 'requestId'>,
  ): Promise<ProvenAccount> {
    if (!firstProven) return { person, disabled };
    const ended = await run<EndedSession>(dispossessText, [person.id, keepsPassword, address, requestId]);
    return { person, disabled, firstProven, ended };
  }

  return {
    /**
     * The account of an address that someone has just proven to read; made now if there is none. Within a transaction:
     * whoever proves it first takes the account, without what others set before (see `dispossessText`).
     */
    async prove(email: string, { address, requestId }: Requester): Promise<ProvenAccount> {
      const id = newIdentifier();
      const [row] = await run<ProvenRow>(proveText, [id, email, address, requestId]);
      if (!row) throw new Error('An account was neither found nor made');
      if (row.id === id && (await run(keptText, [email, id])).length > 0) {
        const { disabled, firstProven: _firstProven, ...person } = row;
        return { person, disabled, addressIsKept: true };
      }
      return claim(row, false, { address, requestId });
    },

    /** Like `prove`, for an account that is known. `withPassword`: whoever proves it has shown its password, too. */
    async verify(
      userId: string,
      email: string,
      withPassword: boolean,
      requester: Requester,
    ): Promise<ProvenAccount | undefined> {
      const [row] = await run<ProvenRow>(verifyText, [userId, email]);
      return row && claim(row, withPassword, requester);
    },

    /** The account as it is, and as it stays until the transaction is over. */
    async lock(userId: string): Promise<ProvenAccount | undefined> {
      const [row] = await run<PersonRow & { disabled: boolean }>(lockText, [userId]);
      if (!row) return undefined;
      const { disabled, ...person } = row;
      return { person, disabled };
    },

    async rename(
      userId: string,
      sessionId: string,
      name: string | null,
      { address, requestId }: Requester,
    ): Promise<PersonRow> {
      const [row] = await run<PersonRow>(renameText, [userId, name, sessionId, address, requestId]);
      if (!row) throw new Error('The account is gone');
      return row;
    },

    /** Gives the role that the configuration promises to this person; undefined when they have it. */
    async makeAdmin(userId: string, { address, requestId }: Requester): Promise<PersonRow | undefined> {
      const [row] = await run<PersonRow>(makeAdminText, [userId, address, requestId]);
      return row;
    },
  };
}
