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
 * person's. Whoever repeats a request that they sent as a guest gets the first one's answer. The caller's transaction has to hold whatever the guest's requests for work lock first, so that none comes after.
 */
export async function handOverWork(transaction: Transaction, { guestId, userId, sessionId }: HandOver): Promise<void> {
  await transaction.execute(
    sql`update app.jobs set user_id = ${userId}, session_id = ${sessionId} where user_id = ${guestId}`,
  );
  // The person's own keys come first.
  await transaction.execute(sql`
    with moved as (delete from app.idempotency_keys where user_id = ${guestId} returning *)
    insert into app.idempotency_keys (user_id, key, request_hash, answer, created_at)
    select ${userId}::uuid, key, request_hash, answer, created_at from moved on conflict do nothing`);
  await moveUsage(transaction, guestId, userId);
}
