import type { WorkerConfig } from '../config.ts';
import type { Assistant } from './assistant.ts';
import { createDemoAssistant } from './demo/demo-assistant.ts';
import { createModelAssistant } from './model/model-assistant.ts';

type AssistantConfig = Pick<
  WorkerConfig,
  | 'LLM_PROVIDER'
  | 'LLM_MODEL'
  | 'LLM_PRICE'
  | 'LLM_TIMEOUT'
  | 'LLM_START_TIMEOUT'
  | 'LLM_PAUSE_TIMEOUT'
  | 'LLM_DEMO_PACE'
  | 'OPENAI_API_KEY'
  | 'OPENAI_BASE_URL'
>;

export function createAssistant(config: AssistantConfig): Assistant {
  const { LLM_PROVIDER: provider } = config;
  if (provider === 'demo') return createDemoAssistant({ wordsPerSecond: config.LLM_DEMO_PACE });
  return createModelAssistant({
    provider,
    model: config.LLM_MODEL ?? 'gpt-5-mini',
    price: config.LLM_PRICE,
    baseUrl: config.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
    apiKey: config.OPENAI_API_KEY,
    patience: {
      whole: config.LLM_TIMEOUT * 1000,
      start: config.LLM_START_TIMEOUT * 1000,
      pause: config.LLM_PAUSE_TIMEOUT * 1000,
    },
  });
}
