import type { Prompt } from './prompts/prompt.ts';

/** Roughly how many tokens a text is: bytes are nearer to them than characters in most writings. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

/** As many tokens as a prompt may come to, also in languages that take more of them. */
export function promptTokens({ instructions, material }: Prompt): number {
  return Math.ceil(estimateTokens(instructions + material) * 1.5);
}

/** How much each kind of answer may take at most, what a model thinks to itself included; for reserving before a run. */
export const mostOutputTokens = { plan: 16_000, section: 6_000, answer: 4_000 } as const;

/** In characters, several times what is asked for: what goes on beyond that is not coming to an end. */
export const longestAnswer = 24_000;
