import { APICallError } from 'ai';

/** What endpoints that speak the same protocol do not agree on. It is learnt from what they refuse. */
export function createDialect(provider: 'openai' | 'openai-compatible') {
  // OpenAI's own newer models know the limit by another name only.
  let limitWord = provider === 'openai' ? 'max_completion_tokens' : 'max_tokens';
  /** Whether an endpoint can be told what an answer is to look like. The prompt says it as well. */
  let takesFormats = true;

  return {
    takesFormats: () => takesFormats,
    say: ({ max_tokens: limit, ...body }: Record<string, unknown>): Record<string, unknown> => ({
      ...body,
      [limitWord]: limit,
    }),
    /** Whether asking once more, in other words, could help. */
    learn(error: unknown): boolean {
      if (!APICallError.isInstance(error) || (error.statusCode !== 400 && error.statusCode !== 422)) return false;
      const complaint = error.responseBody ?? '';
      const aboutLimit = complaint.includes('max_completion_tokens');
      const aboutFormats = /response_format|json_schema/.test(complaint);
      if (aboutLimit) limitWord = 'max_completion_tokens';
      if (aboutFormats) takesFormats = false;
      return aboutLimit || aboutFormats;
    },
  };
}
