import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';

/** Any number that nobody else locks on; "alva" in ASCII. */
const migrationLock = 0x616c7661;

/**
 * Brings a database to the present schema: roles, tables, rights. Runs under an advisory lock, so any number of
 * processes may call it at once; the late ones find nothing to do.
 * The login needs CREATE on the database, and CREATEROLE unless the roles exist.
 */
export async function migrate({ url }: { url: string }): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => undefined });
  try {
    await sql`select pg_advisory_lock(${migrationLock})`;
    await runFile(sql, 'roles.sql');
    await applyMigrations(drizzle(sql), { migrationsFolder: fileURLToPath(new URL('../migrations', import.meta.url)) });
    await runFile(sql, 'grants.sql');
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function runFile(sql: postgres.Sql, name: string): Promise<void> {
  await sql.unsafe(await readFile(new URL(name, import.meta.url), 'utf8'));
}
