import { chatMessages, eq } from '@alva/database';
import type { ChatCitation, PlanGenerator } from '@alva/validation';
import type { Identifiers, Transaction } from '../jobs/job-definition.ts';

export interface WrittenAnswer {
  readonly content: string;
  readonly citations: ChatCitation[];
  readonly generator: PlanGenerator;
}

/** What becomes of the answer that waits for a job, in the transaction that ends it. Never touches the session, which askers hold. */
export function createAnswersStore() {
  return {
    /** Says nothing when the session was deleted meanwhile. */
    async complete(transaction: Transaction, jobId: string, answer: WrittenAnswer): Promise<Identifiers> {
      const [message] = await transaction
        .update(chatMessages)
        .set({ ...answer, status: 'ready' })
        .where(eq(chatMessages.jobId, jobId))
        .returning({ sessionId: chatMessages.sessionId, messageId: chatMessages.id });
      return message ?? {};
    },

    async setStatus(transaction: Transaction, jobId: string, status: 'failed' | 'cancelled'): Promise<void> {
      await transaction.update(chatMessages).set({ status }).where(eq(chatMessages.jobId, jobId));
    },
  };
}
export type AnswersStore = ReturnType<typeof createAnswersStore>;
