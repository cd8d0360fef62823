import { and, chatMessages, chatSessions, eq, gt, newIdentifier, ne, sql, type Database } from '@alva/database';
import type { Transaction } from '../jobs/job-definition.ts';

/** What goes along with a question, in bytes. */
export interface Sizes {
  readonly conversation: number;
  /** Of the conversation. */
  readonly characters: number;
  readonly profile: number;
  readonly plan: number;
}

export interface StoredQuestion {
  readonly id: string;
  readonly position: number;
}

/** $1 session, $2 owner, $3 messages that go along at most. */
const sizes = `
  select recent.*,
    (select coalesce(sum(octet_length(profile::text)), 0)::int from app.profiles where user_id = s.user_id) as profile,
    (select coalesce(sum(bytes), 0)::int from (
      select octet_length(title || summary) as bytes from app.plans where id = s.plan_id
      union all select octet_length(title || body) + 100 from app.plan_sections where plan_id = s.plan_id
      union all select octet_length(title || detail) + 100 from app.tasks where plan_id = s.plan_id
    ) as parts) as plan
  from app.chat_sessions s, lateral (
    select coalesce(sum(octet_length(content)), 0)::int as conversation, coalesce(sum(length(content)), 0)::int as characters
    from (
      select content from app.chat_messages where session_id = s.id order by position desc limit $3
    ) as messages
  ) as recent
  where s.id = $1 and s.user_id = $2`;

/** What is said within a session, in the transaction of the job that answers. */
export function createQuestionsStore({ run }: Database) {
  /** Undefined when the session is not theirs. */
  async function sizesOf(userId: string, sessionId: string, messages: number): Promise<Sizes | undefined> {
    const [row] = await run<{ -readonly [Name in keyof Sizes]: Sizes[Name] }>(sizes, [sessionId, userId, messages]);
    return row;
  }

  /**
   * Holds the session, so that whatever changes it comes one after the other, and its owner stays who it is. The first
   * question gives it its title. False when it is not theirs.
   */
  async function hold(transaction: Transaction, userId: string, sessionId: string, title: string): Promise<boolean> {
    const held = await transaction
      .update(chatSessions)
      .set({
        title: sql`case when ${chatSessions.title} = '' then ${title} else ${chatSessions.title} end`,
        updatedAt: sql`now()`,
      })
      .where(and(eq(chatSessions.id, sessionId), eq(chatSessions.userId, userId)))
      .returning({ id: chatSessions.id });
    return held.length === 1;
  }

  /** The session has to be held. Undefined when question and answer would make it longer than `most` messages. */
  async function addQuestion(
    transaction: Transaction,
    sessionId: string,
    content: string,
    most: number,
  ): Promise<StoredQuestion | undefined> {
    const { rows } = await transaction.execute<{ id: string; position: number }>(sql`
      insert into app.chat_messages (id, session_id, position, role, content, status)
      select ${newIdentifier()}::uuid, ${sessionId}::uuid, coalesce(max(position), 0) + 1, 'user', ${content}::text, 'ready'
      from app.chat_messages where session_id = ${sessionId} having count(*) + 2 <= ${most}::int
      returning id, position`);
    return rows[0];
  }

  /** The message, or the question before it if it is an answer. Undefined when the session has no such message. */
  async function questionOf(
    transaction: Transaction,
    sessionId: string,
    messageId: string,
  ): Promise<StoredQuestion | undefined> {
    const { rows } = await transaction.execute<{ id: string; position: number }>(sql`
      select question.id, question.position from app.chat_messages message
      join app.chat_messages question
        on question.session_id = message.session_id and question.position <= message.position and question.role = 'user'
      where message.id = ${messageId} and message.session_id = ${sessionId}
      order by question.position desc limit 1`);
    return rows[0];
  }

  async function rephrase(transaction: Transaction, id: string, content: string): Promise<void> {
    await transaction.update(chatMessages).set({ content }).where(eq(chatMessages.id, id));
  }

  /** Decides, by an index, that one answer is written at a time: undefined while there is another. */
  async function addAnswer(transaction: Transaction, sessionId: string, jobId: string): Promise<string | undefined> {
    const id = newIdentifier();
    const added = await transaction
      .insert(chatMessages)
      .values({
        id,
        sessionId,
        position: nextPosition(sessionId),
        role: 'assistant',
        content: '',
        status: 'generating',
        jobId,
      })
      .onConflictDoNothing()
      .returning({ id: chatMessages.id });
    return added[0]?.id;
  }

  /** What the new answer to a question replaces. Only once that is added: what was being written before is over by then. */
  async function removeBetween(
    transaction: Transaction,
    sessionId: string,
    question: StoredQuestion,
    answerId: string,
  ): Promise<void> {
    await transaction
      .delete(chatMessages)
      .where(
        and(
          eq(chatMessages.sessionId, sessionId),
          gt(chatMessages.position, question.position),
          ne(chatMessages.id, answerId),
        ),
      );
  }

  return { sizesOf, hold, addQuestion, questionOf, rephrase, addAnswer, removeBetween };
}
export type QuestionsStore = ReturnType<typeof createQuestionsStore>;

function nextPosition(sessionId: string) {
  return sql<number>`(select coalesce(max(position), 0) + 1 from app.chat_messages where session_id = ${sessionId})`;
}
