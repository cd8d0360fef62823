import { chatMessageStatuses, chatRoles, chatTones } from '@alva/shared-types';
import { z } from 'zod';
import { citation } from './knowledge.ts';
import { pageQuery } from './lists.ts';
import { planGenerator } from './plans.ts';
import { identifier, line, text, timestamp } from './primitives.ts';

const title = line(120).describe('Without one, it is taken from the first question');

export const startChatBody = z.strictObject({
  tone: z.enum(chatTones),
  planId: identifier.optional().describe('The plan that is talked about'),
  title: title.optional(),
});
export type StartChatBody = z.infer<typeof startChatBody>;

/** `guestToken` is there for guests alone, and only this once. */
export const startChatAnswer = z.object({
  sessionId: identifier,
  guestToken: z.string().optional().describe('To be sent as `X-Guest-Token`; only where there was no Bearer token'),
});
export type StartChatAnswer = z.infer<typeof startChatAnswer>;

export const changeChatBody = z
  .strictObject({ title: line(120).optional(), tone: z.enum(chatTones).optional() })
  .refine((body) => Object.keys(body).length > 0, 'must change something');
export type ChangeChatBody = z.infer<typeof changeChatBody>;

const sessionCore = {
  id: identifier,
  title: z.string().describe('Empty until the first question'),
  tone: z.enum(chatTones),
  planId: identifier.nullable(),
  createdAt: timestamp,
  updatedAt: timestamp.describe('When it was last asked or changed'),
};

/** A conversation in a list. */
export const chatOverview = z
  .object({
    ...sessionCore,
    lastMessage: z
      .object({ role: z.enum(chatRoles), excerpt: z.string(), createdAt: timestamp })
      .nullable()
      .describe('The last one that says something'),
  })
  .meta({ id: 'ChatOverview' });
export type ChatOverview = z.infer<typeof chatOverview>;

/** A passage that an answer rests on, by the number under which it mentions it: `[1]`. */
export const chatCitation = citation.extend({ number: z.number().int() }).meta({ id: 'ChatCitation' });
export type ChatCitation = z.infer<typeof chatCitation>;

export const chatMessage = z
  .object({
    id: identifier,
    sessionId: identifier,
    role: z.enum(chatRoles),
    content: z.string().describe('As it was typed; of an answer Markdown, and empty until it is whole'),
    status: z.enum(chatMessageStatuses),
    citations: z.array(chatCitation),
    jobId: identifier.optional().describe('Who writes or wrote the answer'),
    generator: planGenerator.optional().describe('Who wrote it'),
    createdAt: timestamp,
  })
  .meta({ id: 'ChatMessage' });
export type ChatMessage = z.infer<typeof chatMessage>;

export const chatSession = z
  .object({
    ...sessionCore,
    messages: z.array(chatMessage).describe('The latest, in the order in which they were said'),
    nextCursor: z.string().nullable().describe('Leads to those before them'),
  })
  .meta({ id: 'ChatSession' });
export type ChatSession = z.infer<typeof chatSession>;

export const chatSessionQuery = pageQuery.extend({ limit: z.coerce.number().int().min(1).max(100).default(50) });

export const questionBody = z.strictObject({ content: text(4_000).describe('The question') });
export const questionAnswer = z.object({
  messageId: identifier.describe('The question'),
  answerId: identifier.describe('The message that is going to be the answer'),
  jobId: identifier,
});
export type QuestionAnswer = z.infer<typeof questionAnswer>;

/** What `app.jobs` holds of a question: nobody's words. */
export const chatAnswerPayload = z.strictObject({
  sessionId: identifier,
  tokens: z.number().int().min(0).describe('What all that goes along with the question may come to'),
  asGuest: z
    .boolean()
    .describe('Asked without an account: no profile and no documents were counted, and none go along'),
});
export type ChatAnswerPayload = z.infer<typeof chatAnswerPayload>;

export const mergeChatBody = z.strictObject({ sessionId: identifier, guestToken: z.string().min(1).max(200) });
export type MergeChatBody = z.infer<typeof mergeChatBody>;
export const mergeChatAnswer = z.object({ sessionId: identifier });
export type MergeChatAnswer = z.infer<typeof mergeChatAnswer>;
