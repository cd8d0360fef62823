import { type TestDatabase } from '@alva/testing';
import { type Auth } from './auth.ts';
import { type Answer } from './browser.ts';

/** Until a statement of this database waits for a row that another transaction has. */
export async function waitUntilBlocked({ sql }: TestDatabase): Promise<void> {
  for (;;) {
    const [row] =
      await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    if (row) return;
  }
}

/** Asks while another transaction has the account's row; what happens meanwhile is committed before it lets go. */
export async function askWhileLocked(
  { database }: Pick<Auth, 'database'>,
  userId: string,
  ask: () => Promise<Answer>,
  meanwhile: () => PromiseLike<unknown>,
): Promise<Answer> {
  const { pending } = await database.sql.begin(async (inside) => {
    await inside`select from auth.users where id = ${userId} for no key update`;
    const pending = ask();
    await waitUntilBlocked(database);
    await meanwhile();
    return { pending };
  });
  return pending;
}

/** Asks while another transaction has the account's row, and its sessions end meanwhile. */
export function askWhilePutOut(auth: Auth, userId: string, ask: () => Promise<Answer>): Promise<Answer> {
  return askWhileLocked(
    auth,
    userId,
    ask,
    () =>
      auth.database.sql`update auth.sessions set ended_at = now(), end_reason = 'revoked' where user_id = ${userId}`,
  );
}
