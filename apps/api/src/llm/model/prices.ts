import type { TokenUsage } from '../assistant.ts';

/** US dollars for a million tokens. */
export interface Price {
  readonly input: number;
  /** For what the provider remembered from a request before. */
  readonly cached: number;
  readonly output: number;
}

const price = (input: number, cached: number, output: number): Price => ({ input, cached, output });

/** As the providers list them for ordinary processing of short prompts; looked up in November 2026. */
const prices: Record<string, Price> = {
  'gpt-6-astra': price(10, 1, 50),
  'gpt-6.1-sol': price(2, 0.1, 10),
  'gpt-6-sol': price(2, 0.2, 10),
  'gpt-6-luna': price(0.1, 0.01, 0.5),
  'gpt-5.6-sol': price(4, 0.4, 20),
  'gpt-5.6-terra': price(2, 0.2, 12),
  'gpt-5.6-luna': price(0.2, 0.02, 1.2),
  'gpt-5.5': price(5, 0.5, 30),
  'gpt-5.4': price(2.5, 0.25, 15),
  'gpt-5.4-mini': price(0.75, 0.075, 4.5),
  'gpt-5.4-nano': price(0.2, 0.02, 1.25),
  'gpt-5.2': price(1.75, 0.175, 14),
  'gpt-5.1': price(1.25, 0.125, 10),
  'gpt-5': price(1.25, 0.125, 10),
  'gpt-5-mini': price(0.25, 0.025, 2),
  'gpt-5-nano': price(0.05, 0.005, 0.4),
  'gpt-4.1': price(2, 0.5, 8),
  'gpt-4.1-mini': price(0.4, 0.1, 1.6),
  'gpt-4.1-nano': price(0.1, 0.025, 0.4),
  'gpt-4o': price(2.5, 1.25, 10),
  'gpt-4o-mini': price(0.15, 0.075, 0.6),
  'claude-opus-5-5': price(4, 0.2, 20),
  'claude-sonnet-5-5': price(2, 0.2, 10),
  'claude-haiku-4-5': price(1, 0.1, 5),
};

const free = price(0, 0, 0);

/**
 * What a model costs. `openai/gpt-5-mini`, as gateways call it, and dated names like `gpt-4o-mini-2024-07-18` cost what their
 * family costs; a model that nobody knows counts as free.
 */
export function priceOf(model: string): Price {
  const family = model.replace(/^[\w.-]+\//, '').replace(/-\d{4}-?\d{2}-?\d{2}$/, '');
  return prices[family] ?? free;
}

interface Tokens {
  readonly input: number;
  readonly output: number;
  /** Of those that went in. */
  readonly cached?: number | undefined;
}

export function priced({ input, cached, output }: Price, tokens: Tokens): TokenUsage {
  const remembered = Math.min(tokens.cached ?? 0, tokens.input);
  const cost = (tokens.input - remembered) * input + remembered * cached + tokens.output * output;
  return { inputTokens: tokens.input, outputTokens: tokens.output, cost: cost / 1_000_000 };
}
