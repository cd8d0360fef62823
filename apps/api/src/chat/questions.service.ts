import { ProblemError, type Slot } from '@alva/service-kit';
import type { ChatAnswerPayload, QuestionAnswer } from '@alva/validation';
import type { GuestLimits } from '../guests/guest-limits.ts';
import { isGuest } from '../guests/owner.ts';
import type { Asker } from '../jobs/asker.ts';
import type { Transaction } from '../jobs/job-definition.ts';
import type { JobsService } from '../jobs/jobs.service.ts';
import { tokensFor } from './answer-tokens.ts';
import { mostMessages } from './answer-context.store.ts';
import { titleFrom } from './chat-title.ts';
import type { QuestionsStore, StoredQuestion } from './questions.store.ts';

/** Messages of one conversation. Asking again replaces some, and stays possible. */
const mostKept = 1_000;

export interface QuestionsServiceOptions {
  readonly store: QuestionsStore;
  readonly jobs: Pick<JobsService, 'begin' | 'firstAnswer'>;
  readonly limits: Pick<GuestLimits, 'questions'>;
}

export interface Questioner extends Asker {
  /** Under which the questions of guests are counted. */
  readonly address: string;
}

type NewQuestion = { readonly content: string };
/** A question of before, in other words or not. */
type RepeatedQuestion = { readonly messageId: string; readonly content?: string };

/** Asks, asks differently, asks again: each is a job that answers, one at a time in each session. */
export function createQuestionsService({ store, jobs, limits }: QuestionsServiceOptions) {
  async function answer(
    { address, ...asker }: Questioner,
    sessionId: string,
    question: NewQuestion | RepeatedQuestion,
  ): Promise<QuestionAnswer> {
    const work = { type: 'chat.answer', request: { sessionId, ...question } };
    const before = await jobs.firstAnswer<QuestionAnswer>(asker, work);
    if (before) return before;
    const content = question.content ?? '';
    const sizes = (await store.sizesOf(asker.userId, sessionId, mostMessages)) ?? notFound();
    const asGuest = isGuest(asker);
    const tokens = tokensFor(sizes, content, { hasDocuments: !asGuest });
    const payload: ChatAnswerPayload = { sessionId, tokens, asGuest };
    let slot: Slot | undefined;
    const answering = jobs.begin(asker, { ...work, payload }, async (transaction, jobId) => {
      // Here, because a request that is only repeated does not come here.
      if (asGuest) slot = await limits.questions.take(address);
      if (!(await store.hold(transaction, asker.userId, sessionId, titleFrom(content)))) notFound();
      const asked =
        'messageId' in question
          ? await repeated(transaction, sessionId, question)
          : ((await store.addQuestion(transaction, sessionId, content, mostKept)) ?? full());
      const answerId = (await store.addAnswer(transaction, sessionId, jobId)) ?? busy();
      await store.removeBetween(transaction, sessionId, asked, answerId);
      return { messageId: asked.id, answerId, jobId };
    });
    return answering.catch(async (error: unknown) => {
      // What came to nothing uses nothing up.
      await slot?.giveBack();
      throw error;
    });
  }

  async function repeated(
    transaction: Transaction,
    sessionId: string,
    { messageId, content }: RepeatedQuestion,
  ): Promise<StoredQuestion> {
    const question = (await store.questionOf(transaction, sessionId, messageId)) ?? notFound();
    if (content !== undefined) {
      if (question.id !== messageId) {
        throw new ProblemError('conflict', { detail: 'Only questions can be put differently.' });
      }
      await store.rephrase(transaction, question.id, content);
    }
    return question;
  }

  return { answer };
}
export type QuestionsService = ReturnType<typeof createQuestionsService>;

function notFound(): never {
  throw new ProblemError('not-found');
}

function full(): never {
  const detail = `A conversation has ${mostKept.toLocaleString('en')} messages at most. Begin another one.`;
  throw new ProblemError('conversation-full', { detail });
}

function busy(): never {
  throw new ProblemError('conflict', { detail: 'An answer is being written. Wait for it, or stop it.' });
}
