import { createHash, randomBytes } from 'node:crypto';
import { newIdentifier, type RunStatement } from '@alva/database';

export interface RegisteredClient {
  id: string;
  name: string;
  createdAt: string;
  /** To the minute; null when it never authenticated. */
  lastUsedAt: string | null;
}

const minute = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')`;
const columns = `id, name, ${minute('created_at')} as "createdAt", ${minute('last_used_at')} as "lastUsedAt"`;

/** Recorded by the statement that changes something, as everything in the audit trail is. */
const recorded = (event: 'client-added' | 'client-removed') => `audit as (
  insert into auth.audit_events (event, detail)
  select '${event}', json_build_object('client', id, 'name', name)::jsonb from client
)`;

export async function listClients(run: RunStatement): Promise<RegisteredClient[]> {
  return run<RegisteredClient>(`select ${columns} from auth.clients order by name, id`);
}

/** The secret is 256 random bits, and kept nowhere: auth compares hashes. */
export async function addClient(run: RunStatement, name: string): Promise<{ id: string; secret: string }> {
  const [id, secret] = [newIdentifier(), randomBytes(32).toString('base64url')];
  const hash = createHash('sha256').update(secret).digest();
  await run(
    `with client as (insert into auth.clients (id, secret_hash, name) values ($1, $2, $3) returning id, name),
    ${recorded('client-added')} select id from client`,
    [id, hash, name],
  );
  return { id, secret };
}

/** How many clients go by this name: only people read it, so it may be given again. */
export async function countNamed(run: RunStatement, name: string): Promise<number> {
  const [row] = await run<{ count: number }>('select count(*)::int as count from auth.clients where name = $1', [name]);
  return row?.count ?? 0;
}

/** Its name; undefined when there is no such client. */
export async function removeClient(run: RunStatement, id: string): Promise<string | undefined> {
  const [removed] = await run<{ name: string }>(
    `with client as (delete from auth.clients where id = $1 returning id, name),
    ${recorded('client-removed')} select name from client`,
    [id],
  );
  return removed?.name;
}
