import { newIdentifier, type RunStatement } from '@alva/database';
import { wayBackIsOpen } from '../accounts/email-changes.sql.ts';

export interface NewPerson {
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string | null;
  /** As it is to be stored. */
  readonly hash: string | null;
}

/**
 * $1 people as JSON, each address once. Whoever is here already keeps what they have: an import never sets a password, a name or
 * a verified address of somebody who has an account. Nor does it make one where an account may come back to.
 */
const importText = `
with given as (
  select * from json_to_recordset($1::text::json) as g (id uuid, email text, "emailVerified" boolean, name text, hash text)
), made as (
  insert into auth.users (id, email, name, email_verified_at)
  select id, email, name, case when "emailVerified" then now() end from given
  where not exists (select from auth.email_changes c where c.old_email = given.email and ${wayBackIsOpen})
  on conflict (email) do nothing
  returning id
), passwords as (
  insert into auth.passwords (user_id, hash)
  select made.id, given.hash from made join given using (id) where given.hash is not null
), audit as (
  insert into auth.audit_events (event, user_id, detail) select 'account-created', id, '{"because": "import"}' from made
)
select count(*)::int as made from made`;

export function createImportStore(run: RunStatement) {
  return {
    /** How many of them had no account and have one now. */
    async insert(people: readonly NewPerson[]): Promise<number> {
      const rows = people.map((person) => ({ id: newIdentifier(), ...person }));
      const [row] = await run<{ made: number }>(importText, [JSON.stringify(rows)]);
      return row?.made ?? 0;
    },
  };
}
