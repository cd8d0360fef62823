import { longestStretch } from '../knowledge/reading/split-section.ts';
import { mostOfTalk } from '../llm/prompts/answer.v1.ts';
import { mostOutputTokens } from '../llm/tokens.ts';
import type { Sizes } from './questions.store.ts';

/** Passages that go along with a question. */
export const mostPassages = 6;
/** The title of a passage, its number and the tags around it. */
const aroundPassage = 100;
/** The instructions, and what the tags and names around the rest come to. */
const instructions = 3_500;
/** Fewer than texts have on the whole, because what is quoted grows by it: more is set aside than is used. */
const bytesOfToken = 3;

/** What a question with all that goes along with it may come to. Guests have no documents. */
export function tokensFor(sizes: Sizes, question: string, { hasDocuments }: { hasDocuments: boolean }): number {
  const { conversation, characters, profile, plan } = sizes;
  const talk = conversation * Math.min(1, mostOfTalk.characters / Math.max(1, characters));
  const passages = hasDocuments ? mostPassages * (longestStretch + aroundPassage) : 0;
  const bytes = instructions + talk + Buffer.byteLength(question) + profile + plan + passages;
  return Math.ceil(bytes / bytesOfToken) + mostOutputTokens.answer;
}
