import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

const serverUrl = process.env['ALVA_TEST_DATABASE_URL'] ?? '';

/** A database of the test's own; `@alva/testing` is made of this library and cannot serve it. */
export async function emptyDatabase(t: { teardown(handler: () => Promise<void>): void }): Promise<string> {
  const server = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  const name = `alva_migrate_${randomBytes(6).toString('hex')}`;
  await server.unsafe(`create database ${name}`);
  t.teardown(async () => {
    await server.unsafe(`drop database ${name} with (force)`);
    await server.end();
  });
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
