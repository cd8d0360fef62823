import { chatAnswerPayload, chatCitation, type ChatAnswerPayload } from '@alva/validation';
import { z } from 'zod';
import type { JobDefinition } from '../jobs/job-definition.ts';
import { author } from '../llm/author.ts';
import { secondsWith } from '../llm/model-time.ts';
import { longestAnswer } from '../llm/tokens.ts';
import type { AnswersStore } from './answers.store.ts';

const writtenAnswer = z.object({
  content: z.string().min(1).max(longestAnswer),
  citations: z.array(chatCitation),
  generator: author,
});
type WrittenAnswer = z.infer<typeof writtenAnswer>;

/** Answering a question, as both the api and the worker know it. */
export function createAnswerJob(answers: AnswersStore): JobDefinition<ChatAnswerPayload, WrittenAnswer> {
  return {
    type: 'chat.answer',
    payload: chatAnswerPayload,
    result: writtenAnswer,
    limits: { tokens: ({ tokens }) => tokens, seconds: secondsWith(), failures: 3 },
    succeeded: (transaction, { jobId }, answer) => answers.complete(transaction, jobId, answer),
    failed: (transaction, jobId) => answers.setStatus(transaction, jobId, 'failed'),
    cancelled: (transaction, jobId) => answers.setStatus(transaction, jobId, 'cancelled'),
  };
}
