import { sql } from '@alva/database';
import { moveUsage } from '../usage/budgets.store.ts';
import type { Transaction } from './job-definition.ts';

export interface HandOver {
  readonly guestId: string;
  readonly userId: string;
  /** The session that the guest's jobs may end with from now on. */
  readonly sessionId: string;
}

/**
 * Makes a guest's jobs a person's, with what they cost and what is reserved for them; those under way are stored as the
 * person's. The caller's transaction has to hold whatever the guest's requests for work lock first, so that none comes after.
 */
export async function handOverWork(transaction: Transaction, { guestId, userId, sessionId }: HandOver): Promise<void> {
  await transaction.execute(
    sql`update app.jobs set user_id = ${userId}, session_id = ${sessionId} where user_id = ${guestId}`,
  );
  // Nobody can repeat a guest's request any more.
  await transaction.execute(sql`delete from app.idempotency_keys where user_id = ${guestId}`);
  await moveUsage(transaction, guestId, userId);
}
