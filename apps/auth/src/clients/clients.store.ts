import { type RunStatement } from '@alva/database';

export interface StoredClient {
  readonly id: string;
  readonly secretHash: Buffer;
  readonly seenLately: boolean;
}

/** $1 id */
const findText = `
select id, secret_hash as "secretHash", coalesce(last_used_at > now() - interval '1 minute', false) as "seenLately"
from auth.clients where id = $1`;

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
  };
}
