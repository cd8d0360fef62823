/** Roughly how many tokens a text is: bytes are nearer to them than characters in most writings. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

/** How much each kind of answer may take at most, what a model thinks to itself included; for reserving before a run. */
export const mostOutputTokens = { plan: 16_000, section: 6_000, answer: 4_000 } as const;
