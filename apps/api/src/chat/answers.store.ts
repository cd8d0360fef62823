import { and, chatMessages, eq, jobEvents } from '@alva/database';
import type { ChatCitation } from '@alva/validation';
import type { Identifiers, Transaction } from '../jobs/job-definition.ts';
import type { Author } from '../llm/author.ts';

export interface WrittenAnswer {
  readonly content: string;
  readonly citations: ChatCitation[];
  readonly generator: Author;
}

/** What becomes of the answer that waits for a job, in the transaction that ends it. Never touches the session, which askers hold. */
export function createAnswersStore() {
  return {
    /** Tells nothing when the session was deleted meanwhile. */
    async complete(transaction: Transaction, jobId: string, answer: WrittenAnswer): Promise<Identifiers> {
      const [message] = await transaction
        .update(chatMessages)
        .set({ ...answer, status: 'ready' })
        .where(eq(chatMessages.jobId, jobId))
        .returning({ sessionId: chatMessages.sessionId, messageId: chatMessages.id });
      if (!message) await removeWords(transaction, jobId);
      return message ?? {};
    },

    async setStatus(transaction: Transaction, jobId: string, status: 'failed' | 'cancelled'): Promise<void> {
      const changed = await transaction
        .update(chatMessages)
        .set({ status })
        .where(eq(chatMessages.jobId, jobId))
        .returning({ id: chatMessages.id });
      if (changed.length === 0) await removeWords(transaction, jobId);
    },
  };
}
export type AnswersStore = ReturnType<typeof createAnswersStore>;

/** What was written since the conversation was deleted. Its end is still told to whoever watches. */
async function removeWords(transaction: Transaction, jobId: string): Promise<void> {
  await transaction.delete(jobEvents).where(and(eq(jobEvents.jobId, jobId), eq(jobEvents.event, 'delta')));
}
