import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { migrate } from '@alva/database';
import { migrateQueue } from '@alva/queue';
import postgres from 'postgres';

export interface TestDatabase {
  /** Owner's URL of a database that nobody else uses, migrated and empty. */
  readonly url: string;
  /** Superuser connection for looking at rows and for making trouble. */
  readonly sql: postgres.Sql;
}

interface Teardown {
  teardown(handler: () => Promise<void>): void;
}

/** Template databases are made one at a time. */
const templateLock = 0x74657374;

/**
 * A database of the test file's own, cloned from a migrated template in a fraction of a second and dropped at teardown.
 * Needs the URL of a superuser, or `ALVA_TEST_DATABASE_URL`; `node tools/with-postgres.ts <command>` sets that.
 */
export async function createTestDatabase(
  t: Teardown,
  serverUrl = process.env['ALVA_TEST_DATABASE_URL'],
): Promise<TestDatabase> {
  if (!serverUrl) throw new Error('ALVA_TEST_DATABASE_URL is not set: run the tests with "npx nx test <project>"');
  const server = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  const template = await ensureTemplate(server, serverUrl);
  const name = `alva_test_${randomBytes(6).toString('hex')}`;
  await server.unsafe(`create database ${name} template ${template}`);
  const url = databaseUrl(serverUrl, name);
  const sql = postgres(url, { max: 2, onnotice: () => undefined });
  t.teardown(async () => {
    await sql.end({ timeout: 1 });
    await server.unsafe(`drop database ${name} with (force)`);
    await server.end({ timeout: 1 });
  });
  return { url, sql };
}

async function ensureTemplate(server: postgres.Sql, serverUrl: string): Promise<string> {
  const name = `alva_template_${await schemaFingerprint()}`;
  await server`select pg_advisory_lock(${templateLock})`;
  try {
    // A template counts only once it is marked: one whose migration was interrupted is made anew.
    const [existing] = await server<
      { datistemplate: boolean }[]
    >`select datistemplate from pg_database where datname = ${name}`;
    if (existing?.datistemplate) return name;
    await server.unsafe(`drop database if exists ${name} with (force)`);
    await server.unsafe(`create database ${name}`);
    const url = databaseUrl(serverUrl, name);
    await migrate({ url });
    await migrateQueue({ url });
    await server.unsafe(`alter database ${name} is_template true`);
    return name;
  } finally {
    await server`select pg_advisory_unlock(${templateLock})`;
  }
}

/** Changes whenever something that shapes the database does. */
async function schemaFingerprint(): Promise<string> {
  const database = new URL('../../database/', import.meta.url);
  const queue = new URL('../../queue/src/', import.meta.url);
  const files = [
    ...(await listFiles(new URL('migrations/', database), '.sql')),
    new URL('migrations/meta/_journal.json', database),
    ...(await listFiles(new URL('src/', database), '.sql')),
    ...(await listFiles(queue, '.ts')),
  ];
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(file));
  const { version } = createRequire(queue)('bullmq/package.json') as { version: string };
  return hash.update(version).digest('hex').slice(0, 16);
}

async function listFiles(folder: URL, extension: string): Promise<URL[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith(extension))
    .sort()
    .map((name) => new URL(name, folder));
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
