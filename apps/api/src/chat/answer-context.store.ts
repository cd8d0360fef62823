import type { Database } from '@alva/database';
import type { ChatTone } from '@alva/shared-types';
import type { Message } from '../llm/assistant.ts';
import { mostOfTalk } from '../llm/prompts/answer.v1.ts';

/** The question and what was said before it, as far as any of it goes along. */
export const mostMessages = mostOfTalk.messages + 1;

export interface AnswerContext {
  readonly userId: string;
  readonly tone: ChatTone;
  readonly planId: string | null;
  /** Oldest first; the last one is the question. */
  readonly messages: Message[];
}

/** $1 job, $2 messages at most. */
const context = `
  select s.user_id as "userId", s.tone, s.plan_id as "planId", (
    select json_agg(json_build_object('role', role, 'content', content) order by position) from (
      select role, content, position from app.chat_messages
      where session_id = s.id and position < answer.position and status = 'ready'
      order by position desc limit $2
    ) as recent
  )::text as messages
  from app.chat_messages answer join app.chat_sessions s on s.id = answer.session_id
  where answer.job_id = $1`;

export function createAnswerContextStore({ run }: Database) {
  return {
    /** What the answer that waits for this job is to be written from; undefined when it is gone. */
    async find(jobId: string): Promise<AnswerContext | undefined> {
      const [row] = await run<Omit<AnswerContext, 'messages'> & { messages: string | null }>(context, [
        jobId,
        mostMessages,
      ]);
      return row && { ...row, messages: JSON.parse(row.messages ?? '[]') as Message[] };
    },
  };
}
export type AnswerContextStore = ReturnType<typeof createAnswerContextStore>;
