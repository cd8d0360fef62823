import { mostOutputTokens } from '../llm/tokens.ts';
import type { Sizes } from './questions.store.ts';

/** Passages that go along with a question, and how long one may be. */
export const mostPassages = 6;
const longestPassage = 1_500;
/** Characters of a long conversation that go along, as the prompt says. */
const longestConversation = 24_000;
/** The instructions, and what the tags and names around the rest come to. */
const instructions = 3_500;
/** Fewer than texts have on the whole, because what is quoted grows by it: more is set aside than is used. */
const bytesOfToken = 3;

/** What a question with all that goes along with it may come to. Guests have no documents. */
export function tokensFor(sizes: Sizes, question: string, { hasDocuments }: { hasDocuments: boolean }): number {
  const { conversation, characters, profile, plan } = sizes;
  const talk = conversation * Math.min(1, longestConversation / Math.max(1, characters));
  const passages = hasDocuments ? mostPassages * longestPassage : 0;
  const bytes = instructions + talk + Buffer.byteLength(question) + profile + plan + passages;
  return Math.ceil(bytes / bytesOfToken) + mostOutputTokens.answer;
}
