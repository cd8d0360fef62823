import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from './schema/index.ts';

/** The group role under which a service works; it can reach its own schema only. */
export type DatabaseRole = 'alva_auth' | 'alva_app';

export interface DatabaseOptions {
  /** `postgres://…`; the login must be a member of `role`. */
  readonly url: string;
  readonly role: DatabaseRole;
  /** Shown in `pg_stat_activity`. */
  readonly name: string;
  /** Connections at most. About ten is right: fewer lose group commit, more only queue inside Postgres. */
  readonly maximumConnections?: number;
}

export type Sql = postgres.Sql;

export interface Database {
  /** Drizzle, for everything that is not hot. */
  readonly db: PostgresJsDatabase<typeof schema>;
  /** Raw postgres.js, for the statements that are: `sql.unsafe(text, parameters, { prepare: true })`. */
  readonly sql: Sql;
  /** One round trip; rejects when the database cannot be reached. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a pool; connections are made when first needed, and made anew after a failure without anyone's doing.
 * Every connection takes on `role` at start-up, so even a login with wider rights works with narrow ones.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const sql = postgres(options.url, {
    max: options.maximumConnections ?? 10,
    connect_timeout: 3,
    // Short and flat: a database that is back should be noticed at once, and each waiting request tries anyway.
    backoff: () => 0.25,
    // No look-up of array types per connection: the types in use are known.
    fetch_types: false,
    connection: {
      application_name: options.name,
      role: options.role,
      statement_timeout: 5000,
      idle_in_transaction_session_timeout: 10_000,
    },
    onnotice: () => undefined,
  });
  return {
    db: drizzle(sql, { schema }),
    sql,
    async check() {
      await sql`select 1`;
    },
    async close() {
      await sql.end({ timeout: 5 });
    },
  };
}
