import { newIdentifier, type RunStatement } from '@alva/database';
import { type Requester } from '../http/requester.ts';
import { personColumns, type PersonRow } from './person.ts';

export interface ProvenAccount {
  readonly person: PersonRow;
  readonly disabled: boolean;
}

/**
 * $1 id if new, $2 address, $3 network address, $4 request id.
 *
 * One statement decides whether the address has an account already, so two links opened at once make one. The row is locked
 * until the session is stored: somebody disabling the account meanwhile comes before or after, never in between.
 */
const proveText = `
with account as (
  insert into auth.users as u (id, email, email_verified_at)
  values ($1, $2, now())
  on conflict (email) do update set
    email_verified_at = coalesce(u.email_verified_at, now())
  returning u.disabled_at is not null as disabled, ${personColumns('u')}
), audit as (
  insert into auth.audit_events (event, user_id, address, request_id)
  select 'account-created', id, $3, $4 from account where id = $1
)
select * from account`;

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

export type UsersStore = ReturnType<typeof createUsersStore>;

export function createUsersStore(run: RunStatement) {
  return {
    /** The account of an address that someone has just proven to read; made now if there is none. */
    async prove(email: string, { address, requestId }: Requester): Promise<ProvenAccount> {
      const parameters = [newIdentifier(), email, address, requestId];
      const [row] = await run<PersonRow & { disabled: boolean }>(proveText, parameters);
      if (!row) throw new Error('An account was neither found nor made');
      const { disabled, ...person } = row;
      return { person, disabled };
    },

    /** Gives the role that the configuration promises to this person; undefined when they have it. */
    async makeAdmin(userId: string, { address, requestId }: Requester): Promise<PersonRow | undefined> {
      const [row] = await run<PersonRow>(makeAdminText, [userId, address, requestId]);
      return row;
    },
  };
}
