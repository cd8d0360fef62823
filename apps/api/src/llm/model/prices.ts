import type { TokenUsage } from '../planner.ts';

/** US dollars for a million tokens in and out, as OpenAI lists them. A model that is not here counts as free. */
const prices: Record<string, readonly [input: number, output: number]> = {
  'gpt-5': [1.25, 10],
  'gpt-5-mini': [0.25, 2],
  'gpt-5-nano': [0.05, 0.4],
  'gpt-4.1': [2, 8],
  'gpt-4.1-mini': [0.4, 1.6],
  'gpt-4.1-nano': [0.1, 0.4],
  'gpt-4o': [2.5, 10],
  'gpt-4o-mini': [0.15, 0.6],
};

/** Dated names like `gpt-4o-mini-2024-07-18` cost what their family costs. */
export function priced(model: string, inputTokens: number, outputTokens: number): TokenUsage {
  const family = model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
  const [input, output] = prices[family] ?? [0, 0];
  return { inputTokens, outputTokens, cost: (inputTokens * input + outputTokens * output) / 1_000_000 };
}
