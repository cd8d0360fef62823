import type { WorkerConfig } from '../config.ts';
import { createDemoPlanner } from './demo/demo-planner.ts';
import { createModelPlanner } from './model/model-planner.ts';
import type { Planner } from './planner.ts';

type PlannerConfig = Pick<
  WorkerConfig,
  'LLM_PROVIDER' | 'LLM_MODEL' | 'LLM_TIMEOUT' | 'LLM_DEMO_PACE' | 'OPENAI_API_KEY' | 'OPENAI_BASE_URL'
>;

export function createPlanner(config: PlannerConfig): Planner {
  const { LLM_PROVIDER: provider } = config;
  if (provider === 'demo') return createDemoPlanner({ wordsPerSecond: config.LLM_DEMO_PACE });
  return createModelPlanner({
    provider,
    model: config.LLM_MODEL ?? 'gpt-5-mini',
    baseUrl: config.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
    apiKey: config.OPENAI_API_KEY,
    timeout: config.LLM_TIMEOUT * 1000,
  });
}
