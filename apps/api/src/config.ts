import {
  connectionUrl,
  countPerWindow,
  durationSeconds,
  loadConfig,
  refuseInProduction,
  serviceVariables,
  variable,
  wholeNumber,
  withDerivedAddresses,
  type Environment,
} from '@alva/service-kit';
import { z } from 'zod';

/** What people may ask for: known to every process that accepts or does work. */
const allowances = {
  DAILY_TOKEN_BUDGET: variable(
    wholeNumber({ max: 1_000_000_000 }).prefault('500000'),
    'Tokens that one person’s work may use in a day (UTC); administrators can give single people another budget',
  ),
  GUEST_DAILY_TOKEN_BUDGET: variable(
    wholeNumber({ max: 1_000_000_000 }).prefault('20000'),
    'The same for a guest who has not signed in',
  ),
  GUESTS_DAILY_TOKEN_BUDGET: variable(
    wholeNumber({ max: 1_000_000_000 }).prefault('1000000'),
    'The same for all guests together; 0 means that only people who have signed in can ask',
  ),
  MAX_UNFINISHED_JOBS: variable(
    wholeNumber({ min: 1, max: 10_000 }).prefault('20'),
    'Jobs of one person that may wait or run at once',
  ),
};

const variables = {
  ...serviceVariables({ port: 3001, metricsPort: 3006 }),
  ...allowances,
  GUEST_SESSION_LIMIT: variable(
    countPerWindow('5/1d'),
    'Conversations one network address can begin without an account',
  ),
  GUEST_QUESTION_LIMIT: variable(
    countPerWindow('30/1d'),
    'Questions one network address can ask without an account, over all its conversations',
  ),
  KNOWLEDGE_FILE_LIMIT: variable(
    wholeNumber({ min: 1, max: 25 }).prefault('10'),
    'Size of the largest document that can be uploaded, in MiB',
  ),
  KNOWLEDGE_DOCUMENTS: variable(wholeNumber({ min: 1, max: 10_000 }).prefault('100'), 'Documents one person can keep'),
  KNOWLEDGE_SPACE: variable(
    wholeNumber({ min: 1, max: 10_000 }).prefault('100'),
    'Size of all documents of one person together, in MiB; each passage of their texts counts as a KiB',
  ),
  JOB_STREAMS_PER_PERSON: variable(
    wholeNumber({ min: 1, max: 100_000 }).prefault('100'),
    'Event streams of jobs that one person may hold open at one copy of the api',
  ),
};

export const apiConfig = z.object(variables).superRefine(refuseInProduction()).transform(withDerivedAddresses);
export type ApiConfig = z.infer<typeof apiConfig>;

const tokenPrice = z
  .string()
  .regex(/^\d{1,6}(\.\d+)?\/\d{1,6}(\.\d+)?$/, 'must be two numbers like 0.25/2')
  .transform((text) => {
    const [input = 0, output = 0] = text.split('/').map(Number);
    return { input, cached: input, output };
  });

const providers = ['openai', 'openai-compatible', 'demo'] as const;

const workerVariables = z.object(serviceVariables({ port: 3001, metricsPort: 3003 })).pick({
  NODE_ENV: true,
  LOG_LEVEL: true,
  DATABASE_URL: true,
  REDIS_URL: true,
  METRICS_HOST: true,
  METRICS_PORT: true,
  AUTH_URL: true,
  AUTH_SERVICE_URL: true,
  TRUST_PROXY: true,
});

/** The worker talks to Postgres, the queue, auth and a model; nobody talks to it but probes. */
export const workerConfig = workerVariables
  .extend({
    ...allowances,
    WORKER_CONCURRENCY: variable(
      wholeNumber({ min: 1, max: 200 }).prefault('8'),
      'Jobs that one worker process works on at once',
    ),
    KNOWLEDGE_READING_TIME: variable(
      durationSeconds({ min: 1, max: 300 }).prefault('30s'),
      'How long reading one document may keep a processor busy',
    ),
    LLM_PROVIDER: variable(
      z.enum(providers, { error: `must be one of ${providers.join(', ')}` }).optional(),
      'Who writes the plans; demo is the built-in rule-based planner',
      { defaultText: 'openai-compatible with OPENAI_BASE_URL, openai with OPENAI_API_KEY, else demo' },
    ),
    LLM_MODEL: variable(z.string().max(200).optional(), 'Model to ask', {
      defaultText: 'gpt-5-mini for openai',
      example: 'gpt-5-mini',
    }),
    OPENAI_API_KEY: variable(z.string().optional(), 'Key of the model provider', { secret: true, example: 'sk-…' }),
    OPENAI_BASE_URL: variable(
      connectionUrl('http', 'https').optional(),
      'Any OpenAI-compatible endpoint: Ollama, vLLM, LM Studio',
      {
        example: 'http://localhost:11434/v1',
      },
    ),
    LLM_TIMEOUT: variable(
      durationSeconds({ min: 5, max: 3600 }).prefault('5m'),
      'How long one answer of the model may take',
    ),
    LLM_START_TIMEOUT: variable(
      durationSeconds({ min: 1, max: 300 }).prefault('2m'),
      'How long the model may take to begin an answer',
    ),
    LLM_PAUSE_TIMEOUT: variable(
      durationSeconds({ min: 1, max: 300 }).prefault('30s'),
      'How long the model may pause within an answer',
    ),
    LLM_PRICE: variable(
      tokenPrice.optional(),
      'US dollars for a million tokens, in and out, as in 0.25/2; for a model whose price is not built in',
      { defaultText: 'as OpenAI and Anthropic list it; 0 for other models', example: '0.25/2' },
    ),
    LLM_DEMO_PACE: variable(
      wholeNumber({ min: 0, max: 100_000 }).prefault('60'),
      'Words a second that the demo planner writes; 0 is at once',
    ),
  })
  .superRefine(refuseInProduction())
  .superRefine((config, context) => {
    const complain = (name: keyof typeof config, message: string) =>
      context.addIssue({ code: 'custom', path: [name], message });
    const provider = chosenProvider(config);
    if (provider === 'openai' && !config.OPENAI_API_KEY)
      complain('OPENAI_API_KEY', 'is needed when LLM_PROVIDER is openai');
    if (provider === 'openai-compatible' && !config.OPENAI_BASE_URL)
      complain('OPENAI_BASE_URL', 'is needed when LLM_PROVIDER is openai-compatible');
    if (provider === 'openai-compatible' && !config.LLM_MODEL)
      complain('LLM_MODEL', 'is needed to know which model of OPENAI_BASE_URL to ask');
  })
  .transform((config) => ({
    ...config,
    AUTH_SERVICE_URL: config.AUTH_SERVICE_URL ?? config.AUTH_URL,
    LLM_PROVIDER: chosenProvider(config),
  }));
export type WorkerConfig = z.infer<typeof workerConfig>;

interface Choice {
  LLM_PROVIDER?: (typeof providers)[number] | undefined;
  OPENAI_API_KEY?: string | undefined;
  OPENAI_BASE_URL?: string | undefined;
}

function chosenProvider({ LLM_PROVIDER, OPENAI_API_KEY, OPENAI_BASE_URL }: Choice): (typeof providers)[number] {
  if (LLM_PROVIDER) return LLM_PROVIDER;
  if (OPENAI_BASE_URL) return 'openai-compatible';
  return OPENAI_API_KEY ? 'openai' : 'demo';
}

export function loadApiConfig(env?: Environment): ApiConfig {
  return loadConfig(apiConfig, env ? { env } : {});
}

export function loadWorkerConfig(env?: Environment): WorkerConfig {
  return loadConfig(workerConfig, env ? { env } : {});
}
