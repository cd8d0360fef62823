import {
  and,
  chatMessages,
  chatSessions,
  desc,
  eq,
  lt,
  newIdentifier,
  plans,
  sql,
  type Database,
} from '@alva/database';
import type { Slice } from '@alva/service-kit';
import type { ChangeChatBody, ChatMessage, ChatOverview, StartChatBody } from '@alva/validation';
import type { GuestsStore } from '../guests/guests.store.ts';
import type { Transaction } from '../jobs/job-definition.ts';
import { toMessage, toSession, type Session } from './chat-rows.store.ts';

/** A message with its place in the conversation. */
export interface PlacedMessage {
  readonly position: number;
  readonly message: ChatMessage;
}

/** How much of the last message a list shows. */
const excerptLength = 160;

/** Conversations as their owners see them. Asking is in `questions.store.ts`. */
export function createChatSessionsStore({ db }: Database, guests: Pick<GuestsStore, 'insert'>) {
  const mine = (userId: string, id: string) => and(eq(chatSessions.id, id), eq(chatSessions.userId, userId));

  /** `decide` is shown how many they have, and may throw. Undefined when the plan is not theirs. */
  async function insert(
    userId: string,
    session: StartChatBody,
    decide: (conversations: number) => void,
  ): Promise<string | undefined> {
    return db.transaction(async (transaction) => {
      decide(await countForAnother(transaction, userId));
      if (session.planId !== undefined) {
        // Held, lest it is deleted before the conversation points to it.
        const [plan] = await transaction
          .select({ id: plans.id })
          .from(plans)
          .where(and(eq(plans.id, session.planId), eq(plans.userId, userId)))
          .for('key share');
        if (!plan) return undefined;
      }
      const id = newIdentifier();
      await transaction.insert(chatSessions).values({ ...session, id, userId });
      return id;
    });
  }

  /** A guest and their conversation. */
  async function insertForGuest(tokenHash: Buffer, session: StartChatBody): Promise<string> {
    return db.transaction(async (transaction) => {
      const id = newIdentifier();
      const userId = await guests.insert(transaction, tokenHash);
      await transaction.insert(chatSessions).values({ ...session, id, userId });
      return id;
    });
  }

  /** Newest first: identifiers sort by age. */
  async function list(userId: string, { limit, before }: Slice): Promise<ChatOverview[]> {
    const last = db
      .select({
        role: chatMessages.role,
        excerpt: sql`left(${chatMessages.content}, ${excerptLength})`.mapWith(String).as('excerpt'),
        createdAt: chatMessages.createdAt,
      })
      .from(chatMessages)
      .where(and(eq(chatMessages.sessionId, chatSessions.id), eq(chatMessages.status, 'ready')))
      .orderBy(desc(chatMessages.position))
      .limit(1)
      .as('last');
    const rows = await db
      .select({ session: chatSessions, role: last.role, excerpt: last.excerpt, createdAt: last.createdAt })
      .from(chatSessions)
      .leftJoinLateral(last, sql`true`)
      .where(and(eq(chatSessions.userId, userId), before === undefined ? undefined : lt(chatSessions.id, before)))
      .orderBy(desc(chatSessions.id))
      .limit(limit);
    return rows.map(({ session, role, excerpt, createdAt }) => ({
      ...toSession(session),
      lastMessage: role && createdAt ? { role, excerpt, createdAt: createdAt.toISOString() } : null,
    }));
  }

  async function find(userId: string, id: string): Promise<Session | undefined> {
    const [session] = await db.select().from(chatSessions).where(mine(userId, id));
    return session && toSession(session);
  }

  /** Latest first. */
  async function messages(sessionId: string, { limit, before }: Slice<number>): Promise<PlacedMessage[]> {
    const rows = await db
      .select()
      .from(chatMessages)
      .where(
        and(
          eq(chatMessages.sessionId, sessionId),
          before === undefined ? undefined : lt(chatMessages.position, before),
        ),
      )
      .orderBy(desc(chatMessages.position))
      .limit(limit);
    return rows.map((row) => ({ position: row.position, message: toMessage(row) }));
  }

  /** False when it is not theirs. */
  async function change(userId: string, id: string, changes: ChangeChatBody): Promise<boolean> {
    const changed = await db
      .update(chatSessions)
      .set({ ...changes, updatedAt: sql`now()` })
      .where(mine(userId, id))
      .returning({ id: chatSessions.id });
    return changed.length === 1;
  }

  /**
   * With all that watchers were told of its answers but how they ended. What a job writes from then on goes when that ends,
   * because it finds no answer to fill. Undefined when it is not theirs; else the job that still wrote, if one did.
   */
  async function remove(userId: string, id: string): Promise<{ jobId: string | null } | undefined> {
    return db.transaction(async (transaction) => {
      // From here on no question can be added.
      const [session] = await transaction
        .select({ id: chatSessions.id })
        .from(chatSessions)
        .where(mine(userId, id))
        .for('update');
      if (!session) return undefined;
      const [answer] = await transaction
        .select({ jobId: chatMessages.jobId })
        .from(chatMessages)
        .where(and(eq(chatMessages.sessionId, id), eq(chatMessages.status, 'generating')));
      await transaction.delete(chatSessions).where(eq(chatSessions.id, id));
      // Only now: whoever was just filling in an answer has been waited for.
      await transaction.execute(sql`
        delete from app.job_events using app.jobs
        where jobs.id = job_events.job_id and jobs.user_id = ${userId} and jobs.type = 'chat.answer'
          and jobs.payload ->> 'sessionId' = ${id} and job_events.event = 'delta'`);
      return { jobId: answer?.jobId ?? null };
    });
  }

  return { insert, insertForGuest, list, find, messages, change, remove };
}
export type ChatSessionsStore = ReturnType<typeof createChatSessionsStore>;

/** Whoever is to get another waits here for the one before, so the number is still right when it is added. */
export async function countForAnother(transaction: Transaction, userId: string): Promise<number> {
  await transaction.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`conversations of ${userId}`}, 0))`);
  return transaction.$count(chatSessions, eq(chatSessions.userId, userId));
}
