import { guests, newIdentifier, sql, type Database } from '@alva/database';
import type { Transaction } from '../jobs/job-definition.ts';

/** While it is used, a token is good for so long again; moved on once a day, not with every request. */
const lifetime = `interval '7 days'`;

const find = `
  with guest as (
    select id from app.guests where token_hash = $1 and expires_at > now()
  ), used as (
    update app.guests set expires_at = now() + ${lifetime}
    from guest where guests.id = guest.id and expires_at < now() + ${lifetime} - interval '1 day'
  )
  select id from guest`;

const expired = 'select id from app.guests where expires_at <= now() and id > $2 order by id limit $1';
const beforeAll = '00000000-0000-0000-0000-000000000000';

export function createGuestsStore({ run }: Database) {
  return {
    async insert(transaction: Transaction, tokenHash: Buffer): Promise<string> {
      const id = newIdentifier();
      await transaction.insert(guests).values({ id, tokenHash, expiresAt: sql`now() + ${sql.raw(lifetime)}` });
      return id;
    },

    async find(tokenHash: Buffer): Promise<string | undefined> {
      const [guest] = await run<{ id: string }>(find, [tokenHash]);
      return guest?.id;
    },

    /** Those whose tokens are no good any more, a page at a time. */
    async expired(most: number, after = beforeAll): Promise<string[]> {
      return (await run<{ id: string }>(expired, [most, after])).map(({ id }) => id);
    },
  };
}
export type GuestsStore = ReturnType<typeof createGuestsStore>;
