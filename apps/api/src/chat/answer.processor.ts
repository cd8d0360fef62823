import type { ChatAnswerPayload, ChatCitation } from '@alva/validation';
import type { JobRun, JobYield } from '../jobs/job-definition.ts';
import { JobFailure } from '../jobs/job-failure.ts';
import { citationOf, type PassagesService } from '../knowledge/passages.service.ts';
import type { Assistant } from '../llm/assistant.ts';
import { failJob } from '../llm/fail-job.ts';
import { planInHand } from '../plans/plan-in-hand.ts';
import type { PlansStore } from '../plans/plans.store.ts';
import type { ProfilesService } from '../profiles/profiles.service.ts';
import type { AnswerContextStore } from './answer-context.store.ts';
import { mostPassages } from './answer-tokens.ts';
import type { WrittenAnswer } from './answers.store.ts';

export interface AnswerProcessorOptions {
  readonly assistant: Pick<Assistant, 'generator' | 'answer'>;
  readonly contexts: AnswerContextStore;
  readonly profiles: Pick<ProfilesService, 'find'>;
  readonly plans: Pick<PlansStore, 'find'>;
  readonly passages: Pick<PassagesService, 'passagesFor'>;
}

/**
 * Reads what there is at that moment: of a plan or document that was deleted meanwhile, nothing goes along. What a guest asked
 * may be a person's by now, but the tokens for what that person has were never set aside.
 */
export function createAnswerProcessor({ assistant, contexts, profiles, plans, passages }: AnswerProcessorOptions) {
  return async (run: JobRun<ChatAnswerPayload>): Promise<JobYield<WrittenAnswer>> => {
    const context = await contexts.find(run.jobId);
    const question = context?.messages.at(-1);
    if (!context || !question) {
      throw new JobFailure({ code: 'not-found', detail: 'The conversation was deleted.', retry: 'never' });
    }
    const { userId, tone, planId, messages } = context;
    const { asGuest } = run.payload;
    const [profile, plan, found] = await Promise.all([
      asGuest ? undefined : profiles.find(userId),
      planId === null ? undefined : plans.find(userId, planId),
      asGuest ? [] : passages.passagesFor(userId, question.content, { most: mostPassages }),
    ]);
    const ready = plan?.status === 'ready' ? plan : undefined;
    const { answer, usage, prompt } = await assistant
      .answer({ tone, profile, plan: ready && planInHand(ready), passages: found, messages }, run)
      .catch(failJob);
    const cited = answer.cited.flatMap((number): ChatCitation[] => {
      const passage = found.find((each) => each.number === number);
      return passage ? [{ number, ...citationOf(passage) }] : [];
    });
    const generator = { ...assistant.generator, prompt };
    return { result: { content: answer.content, citations: cited, generator }, usage };
  };
}
