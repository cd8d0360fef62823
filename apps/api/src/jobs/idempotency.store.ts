import { createHash } from 'node:crypto';
import { and, eq, idempotencyKeys, type Database } from '@alva/database';
import type { Transaction } from './job-definition.ts';

/** What a client wants to happen once, under a name of its own choosing. */
export interface IntendedEffect {
  readonly key: string;
  /** What it asks for: the same name for something else is a mistake of the client's. */
  readonly request: unknown;
}

export type Repetition = 'other-request' | { readonly answer: unknown };
export type Standing = 'first' | Repetition;

/**
 * The insert decides between any number of requests and copies of the service: whoever comes second waits for the first to
 * commit and finds its answer or, should the first have failed, is the first itself.
 */
export async function claimEffect(transaction: Transaction, userId: string, effect: IntendedEffect): Promise<Standing> {
  const requestHash = hashOf(effect);
  const inserted = await transaction
    .insert(idempotencyKeys)
    .values({ userId, key: effect.key, requestHash, answer: {} })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key });
  if (inserted.length === 1) return 'first';
  return (await findRepetition(transaction, userId, effect)) ?? 'other-request';
}

/** What came of the effect when it was had before; undefined when it was not yet. */
export async function findRepetition(
  db: Pick<Database['db'], 'select'>,
  userId: string,
  effect: IntendedEffect,
): Promise<Repetition | undefined> {
  const [known] = await db.select().from(idempotencyKeys).where(named(userId, effect.key));
  if (!known) return undefined;
  return known.requestHash.equals(hashOf(effect)) ? { answer: known.answer } : 'other-request';
}

export async function rememberAnswer(
  transaction: Transaction,
  userId: string,
  { key }: IntendedEffect,
  answer: unknown,
): Promise<void> {
  await transaction.update(idempotencyKeys).set({ answer }).where(named(userId, key));
}

function hashOf({ request }: IntendedEffect): Buffer {
  return createHash('sha256').update(JSON.stringify(request)).digest();
}

function named(userId: string, key: string) {
  return and(eq(idempotencyKeys.userId, userId), eq(idempotencyKeys.key, key));
}
