import { readFile } from 'node:fs/promises';
import { createFakeModel, replays, type FakeModel } from '@alva/testing';
import type { Test } from 'tap';
import type {
  Assistant,
  AssistantEvent,
  AssistantRun,
  Question,
  SectionRequest,
  TokenUsage,
} from '../../../src/llm/assistant.ts';
import { createModelAssistant } from '../../../src/llm/model/model-assistant.ts';
import type { ProviderOptions } from '../../../src/llm/model/ask.ts';
import { profile } from '../../support/profile.ts';

/** Words of people and of the operator that must turn up in no error. */
export const secrets = { key: 'sk-very-secret-key', words: 'Sourdough Sunday' };

export const question: Question = {
  tone: 'direct',
  profile: { ...profile, description: `${secrets.words} and other things.` },
  passages: [
    { number: 1, documentId: 'd1', title: 'Notes on maps', text: 'People look at the map first.' },
    { number: 2, documentId: 'd2', title: 'Notes on reviews', text: 'Two reviews a week are plenty.' },
  ],
  messages: [{ role: 'user', content: 'How are we found?' }],
};

export const sectionRequest: SectionRequest = {
  profile,
  channel: 'seo',
  plan: {
    title: 'The next 90 days',
    summary: 'Mornings.',
    sections: [
      { channel: 'positioning', title: 'Promise', body: 'Early bread.', budgetShare: 40 },
      { channel: 'seo', title: 'Search', body: 'The map.', budgetShare: 60 },
    ],
  },
};

/** A run that keeps what it is told. */
export function createListener<Part extends string>(signal: AbortSignal = new AbortController().signal) {
  const events: AssistantEvent<Part>[] = [];
  const spent: TokenUsage[] = [];
  const run: AssistantRun<Part> = {
    signal,
    emit: (event) => void events.push(event),
    spent: (usage) => void spent.push(usage),
    aboutToSpend: async (usage) => void spent.push(usage),
  };
  const streamed = (part: Part) =>
    events.flatMap(({ event, data }) => (event === 'delta' && data.part === part ? [data.text] : [])).join('');
  return { run, events, spent, streamed };
}

export async function assistantFor(
  t: Test,
  options: Partial<ProviderOptions> = {},
): Promise<{ assistant: Assistant; model: FakeModel }> {
  const model = await createFakeModel(t);
  const assistant = createModelAssistant({
    provider: 'openai-compatible',
    model: 'gpt-6-luna',
    baseUrl: model.url,
    apiKey: secrets.key,
    patience: { whole: 60_000, start: 60_000, pause: 60_000 },
    ...options,
  });
  return { assistant, model };
}

export async function recorded(name: string) {
  return replays(await readFile(new URL(`../fixtures/${name}.http`, import.meta.url), 'utf8'));
}
