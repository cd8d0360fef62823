import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import postgres from 'postgres';
import { drizzle } from './drizzle.ts';
import * as schema from './schema/index.ts';
import { openStatements, type RunStatement } from './statement.ts';
import { abandonWhenSilent, inTransaction } from './transaction.ts';

/** The group role under which a service works; it can reach its own schema only. */
export type DatabaseRole = 'alva_auth' | 'alva_app';

export interface DatabaseOptions {
  /** `postgres://…`; the login must be a member of `role`. */
  readonly url: string;
  readonly role: DatabaseRole;
  /** Shown in `pg_stat_activity`. */
  readonly name: string;
  /** Connections of either kind at most. About ten is right: fewer lose group commit, more only queue inside Postgres. */
  readonly maximumConnections?: number;
  /** Milliseconds after which the database counts as unavailable to whoever asked it something. */
  readonly patienceMs?: number;
}

export interface Database {
  /** Drizzle, for everything that is not hot. */
  readonly db: NodePgDatabase<typeof schema>;
  /** Single prepared statements, for what is hot: many may be under way on one connection. */
  readonly run: RunStatement;
  /** Hand-written statements that are committed together, or not at all when `work` rejects. */
  transaction<Result>(work: (run: RunStatement) => Promise<Result>): Promise<Result>;
  /** One round trip; rejects when the database cannot be reached. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** json and jsonb are given as text; left to itself the driver makes text of that text. */
const json = {
  to: 114,
  from: [114, 3802],
  serialize: (text: string) => text,
  parse: (text: string): unknown => JSON.parse(text),
};

/**
 * Opens the database; connections are made when first needed, and made anew after a failure without anyone's doing.
 * Every connection takes on `role` at start-up, so even a login with wider rights works with narrow ones.
 */
export function openDatabase({ maximumConnections = 10, patienceMs = 2500, ...rest }: DatabaseOptions): Database {
  const options = { ...rest, maximumConnections, patienceMs };
  const statements = openStatements(() => openHotPool(options), patienceMs);
  const pool = openPool(options);
  return {
    db: drizzle(pool, { schema }),
    run: statements.run,
    transaction: (work) => inTransaction(pool, patienceMs, work),
    async check() {
      await statements.run('select 1');
    },
    async close() {
      await Promise.all([statements.close(), pool.end()]);
    },
  };
}

function openHotPool({ url, role, name, maximumConnections, patienceMs }: Required<DatabaseOptions>): postgres.Sql {
  const { bareUrl, given } = splitOptions(url);
  return postgres(bareUrl, {
    max: maximumConnections,
    connect_timeout: patienceMs / 1000,
    // Short and flat: a database that is back should be noticed at once, and each waiting request tries anyway.
    backoff: () => 0.25,
    // No look-up of array types per connection: the types in use are known.
    fetch_types: false,
    connection: { application_name: name, ...(given && { options: given }), role, ...settingsOf(patienceMs) },
    types: { json },
    onnotice: () => undefined,
  });
}

function openPool({ url, role, name, maximumConnections, patienceMs }: Required<DatabaseOptions>): pg.Pool {
  const { bareUrl, given } = splitOptions(url);
  const ours = Object.entries({ role, ...settingsOf(patienceMs) }).map(([setting, value]) => `-c ${setting}=${value}`);
  const pool = new pg.Pool({
    connectionString: bareUrl,
    application_name: name,
    max: maximumConnections,
    // Whoever waits for a connection gives up before those who hold one do, and is not handed one with nothing left to wait.
    connectionTimeoutMillis: patienceMs * 0.8,
    query_timeout: patienceMs,
    // Of two settings the later wins.
    options: [given, ...ours].join(' ').trim(),
  });
  // A connection that is lost tells whoever uses it; the one in the pool, or between two statements, tells nobody but us.
  pool.on('error', () => undefined);
  pool.on('connect', abandonWhenSilent);
  return pool;
}

function settingsOf(patienceMs: number) {
  return { statement_timeout: patienceMs, idle_in_transaction_session_timeout: patienceMs * 2 };
}

/** Taken out of the URL, because node-postgres would let them replace ours, and the role with them. */
function splitOptions(text: string): { bareUrl: string; given: string } {
  const url = new URL(text);
  const given = url.searchParams.get('options') ?? '';
  url.searchParams.delete('options');
  return { bareUrl: url.href, given };
}
