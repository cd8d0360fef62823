import { type Role } from '@alva/shared-types';
import { type Person } from '@alva/validation';
import { millisecondsOf } from '../sql-fragments.ts';

/** The columns that every statement reads of an account. */
export interface PersonRow {
  readonly id: string;
  readonly email: string;
  readonly name: string | null;
  readonly emailVerified: boolean;
  readonly roles: Role[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When the account goes for good, if its person asked for that. */
  readonly deletionDueAt: number | null;
}

/** Select list for a table or alias of `auth.users`. The roles go as JSON, which the driver reads without knowing array types. */
export function personColumns(alias: string): string {
  return `${alias}.id, ${alias}.email, ${alias}.name, ${alias}.email_verified_at is not null as "emailVerified",
    to_json(${alias}.roles) as roles, ${millisecondsOf(`${alias}.created_at`)} as "createdAt",
    ${millisecondsOf(`${alias}.deletion_due_at`)} as "deletionDueAt"`;
}

/** The same columns where a `with` query has selected them already. */
export function selectedPerson(alias: string): string {
  return ['id', 'email', 'name', '"emailVerified"', 'roles', '"createdAt"', '"deletionDueAt"']
    .map((column) => `${alias}.${column}`)
    .join(', ');
}

export function toPerson({ id, email, name, emailVerified, roles, createdAt, deletionDueAt }: PersonRow): Person {
  const person = { id, email, name, emailVerified, roles, createdAt: new Date(createdAt).toISOString() };
  return deletionDueAt === null ? person : { ...person, deletionDueAt: new Date(deletionDueAt).toISOString() };
}
