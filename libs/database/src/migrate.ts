import { readFile } from 'node:fs/promises';
import postgres from 'postgres';
import { migrationsFolder } from './migrations-folder.ts';
import { refuseToMigrate } from './schema-version.ts';

/** Any number that nobody else locks on; "alva" in ASCII. */
const migrationLock = 0x616c7661;

/**
 * Brings a database to the present schema: roles, tables, rights. Runs under an advisory lock, so any number of
 * processes may call it at once; the late ones find nothing to do.
 * The login needs CREATE on the database, and CREATEROLE unless the roles exist. Throws OtherSchema when the tables that are
 * there come from versions this one cannot go on from.
 */
export async function migrate({ url }: { url: string }): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => undefined });
  try {
    await sql`select pg_advisory_lock(${migrationLock})`;
    await refuseToMigrate((text) => sql.unsafe(text));
    await runFile(sql, 'roles.sql');
    await applyMigrations(sql);
    await runFile(sql, 'grants.sql');
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Loaded only here: services migrate nothing. */
async function applyMigrations(sql: postgres.Sql): Promise<void> {
  const [{ drizzle }, { migrate: apply }] = await Promise.all([
    import('drizzle-orm/postgres-js'),
    import('drizzle-orm/postgres-js/migrator'),
  ]);
  await apply(drizzle(sql), { migrationsFolder });
}

async function runFile(sql: postgres.Sql, name: string): Promise<void> {
  await sql.unsafe(await readFile(new URL(name, import.meta.url), 'utf8'));
}
