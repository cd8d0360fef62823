import { runMigrations } from 'bullmq';
import { Client, escapeIdentifier } from 'pg';
import { readStoreUrl } from './store-url.ts';
import { queueRoles, queueSchema } from './postgres/connection-config.ts';

/** Any number will do, as long as nobody else locks it. */
const migrationLock = 7_102_001;

/**
 * Brings the queue's tables to the version this code wants, as the owner of the database. May run any number of times and
 * in any number of processes at once. The group roles must exist: the application's own migrations make them.
 */
export async function migrateQueue({ url }: { url: string }): Promise<void> {
  const client = new Client(readStoreUrl(url, ['postgres:', 'postgresql:']).href);
  await client.connect();
  try {
    // BullMQ locks its own migrations, but grants that meet each other fail as well.
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await runMigrations(client, queueSchema);
    await client.query(grants());
  } finally {
    await client.end();
  }
}

function grants(): string {
  const schema = escapeIdentifier(queueSchema);
  const roles = queueRoles.map(escapeIdentifier).join(', ');
  return `
    grant usage on schema ${schema} to ${roles};
    grant select, insert, update, delete on all tables in schema ${schema} to ${roles};
    grant usage on all sequences in schema ${schema} to ${roles};
    revoke insert, update, delete on ${schema}.migration from ${roles};
  `;
}
