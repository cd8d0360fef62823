import { newIdentifier, type RunStatement } from '@alva/database';
import { millisecondsOf } from '../sql-fragments.ts';

export interface StoredClient {
  readonly id: string;
  readonly secretHash: Buffer;
  readonly seenLately: boolean;
}

/** Times are milliseconds since 1970. */
export interface RegisteredClient {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  /** To the minute; null when it never authenticated. */
  readonly lastUsedAt: number | null;
}

/** $1 id */
const findText = `
select id, secret_hash as "secretHash", coalesce(last_used_at > now() - interval '1 minute', false) as "seenLately"
from auth.clients where id = $1`;

/** Recorded by the statement that changes something, as everything in the audit trail is. */
const recorded = (event: 'client-added' | 'client-removed') => `audit as (
  insert into auth.audit_events (event, detail)
  select '${event}', json_build_object('client', id, 'name', name)::jsonb from client
)`;

/** $1 id, $2 secret hash, $3 name */
const addText = `
with client as (
  insert into auth.clients (id, secret_hash, name) values ($1, $2, $3) returning id, name
), ${recorded('client-added')}
select id, (select count(*)::int from auth.clients where name = $3) as alike from client`;

const listText = `
select id, name, ${millisecondsOf('created_at')} as "createdAt", ${millisecondsOf('last_used_at')} as "lastUsedAt"
from auth.clients order by name, id`;

/** $1 id */
const removeText = `
with client as (
  delete from auth.clients where id = $1 returning id, name
), ${recorded('client-removed')}
select name from client`;

export type ClientsStore = ReturnType<typeof createClientsStore>;

export function createClientsStore(run: RunStatement) {
  return {
    async find(id: string): Promise<StoredClient | undefined> {
      const [row] = await run<StoredClient>(findText, [id]);
      return row;
    },

    async markUsed(id: string): Promise<void> {
      await run('update auth.clients set last_used_at = now() where id = $1', [id]);
    },

    /** `alike` counts those that have the name already: only people read names, so one may be given again. */
    async add(name: string, secretHash: Buffer): Promise<{ id: string; alike: number }> {
      const [row] = await run<{ id: string; alike: number }>(addText, [newIdentifier(), secretHash, name]);
      if (!row) throw new Error('A new client was not stored');
      return row;
    },

    list: (): Promise<RegisteredClient[]> => run<RegisteredClient>(listText),

    /** Its name; undefined when there is no such client. */
    async remove(id: string): Promise<string | undefined> {
      const [removed] = await run<{ name: string }>(removeText, [id]);
      return removed?.name;
    },
  };
}
