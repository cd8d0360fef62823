import { randomUUID } from 'node:crypto';
import { type Test } from 'tap';
import { Client, escapeIdentifier } from 'pg';
import { queueRoles } from '../../src/postgres/connection-config.ts';

/** An empty database with the group roles that the application's migrations make; dropped with the test. */
export async function createDatabase(t: Test): Promise<string> {
  const name = `queue_${randomUUID().replaceAll('-', '')}`;
  await asOwner(async (client) => {
    await client.query(`create database ${escapeIdentifier(name)}`);
    for (const role of queueRoles) {
      // Roles belong to the whole server and test files run side by side.
      await client.query(`
        do $$ begin create role ${escapeIdentifier(role)} nologin;
        exception when duplicate_object or unique_violation then null; end $$`);
    }
  });
  t.teardown(() => asOwner((client) => client.query(`drop database ${escapeIdentifier(name)} with (force)`)));
  const url = new URL(connectionUrl('ALVA_TEST_DATABASE_URL'));
  url.pathname = `/${name}`;
  return url.href;
}

async function asOwner(work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client(connectionUrl('ALVA_TEST_DATABASE_URL'));
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

export function connectionUrl(variable: 'ALVA_TEST_DATABASE_URL' | 'ALVA_TEST_REDIS_URL'): string {
  const url = process.env[variable];
  if (!url) throw new Error(`${variable} is not set: run the tests by "npm test" in this folder`);
  return url;
}
