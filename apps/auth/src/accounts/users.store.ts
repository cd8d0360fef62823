import { newIdentifier, type RunStatement } from '@alva/database';
import { type Role } from '@alva/shared-types';
import { personColumns, type PersonRow } from './person.ts';

export interface ProvenAccount {
  readonly person: PersonRow;
  readonly disabled: boolean;
}

/**
 * $1 id if new, $2 address, $3 roles it must have, $4 request id.
 *
 * One statement decides whether the address has an account already, so two links opened at once make one. The row is locked
 * until the session is stored: somebody disabling the account meanwhile comes before or after, never in between.
 */
const proveText = `
with account as (
  insert into auth.users as u (id, email, email_verified_at, roles)
  values ($1, $2, now(), array(select json_array_elements_text($3::text::json)))
  on conflict (email) do update set
    email_verified_at = coalesce(u.email_verified_at, now()),
    roles = array(select distinct role from unnest(u.roles || excluded.roles) role order by role desc)
  returning u.disabled_at is not null as disabled, ${personColumns('u')}
), audit as (
  insert into auth.audit_events (event, user_id, request_id)
  select 'account-created', id, $4 from account where id = $1
)
select * from account`;

export type UsersStore = ReturnType<typeof createUsersStore>;

export function createUsersStore(run: RunStatement) {
  return {
    /** The account of an address that someone has just proven to read; made now if there is none. */
    async prove(email: string, roles: readonly Role[], requestId: string): Promise<ProvenAccount> {
      const parameters = [newIdentifier(), email, JSON.stringify(roles), requestId];
      const [row] = await run<PersonRow & { disabled: boolean }>(proveText, parameters);
      if (!row) throw new Error('An account was neither found nor made');
      const { disabled, ...person } = row;
      return { person, disabled };
    },
  };
}
