import { createFakeModel, streams } from '@alva/testing';
import t from 'tap';
import type { DraftPart } from '@alva/validation';
import { loadWorkerConfig } from '../../src/config.ts';
import { createAssistant } from '../../src/llm/create-assistant.ts';
import { composePlan } from '../../src/llm/demo/compose-plan.ts';
import { priced, priceOf } from '../../src/llm/model/prices.ts';
import { profile } from '../support/profile.ts';
import { assistantFor, createListener } from './support/asking.ts';

const draft = composePlan(profile);
const json = JSON.stringify(draft);
const pieces = json.match(/[\s\S]{1,60}/g) ?? [];

void t.test('a plan that a model writes is told part by part, and is what was told', async (t) => {
  const { assistant, model } = await assistantFor(t);
  const usage = { prompt_tokens: 900, completion_tokens: 4_000 };
  model.behave(streams({ pieces, usage, before: () => new Promise((resolve) => setImmediate(resolve)) }));
  const listener = createListener<DraftPart>();
  const result = await assistant.generatePlan(profile, listener.run);
  t.strictSame(result.draft, draft);
  t.match(result.usage, { inputTokens: 900, outputTokens: 4_000, cost: (900 * 0.1 + 4_000 * 0.5) / 1e6 });
  t.equal(listener.streamed('summary'), draft.summary);
  for (const { channel, body } of draft.sections) t.equal(listener.streamed(channel), body);
  const percents = listener.events.flatMap((event) => (event.event === 'step' ? [event.data.percent] : []));
  t.same(
    percents,
    percents.toSorted((a, b) => a - b),
    'progress goes one way',
  );
  t.ok(percents.length >= 7);
});

void t.test('half a plan is not a plan, and costs what it cost', async (t) => {
  const { assistant, model } = await assistantFor(t);
  const usage = { prompt_tokens: 900, completion_tokens: 16_000 };
  model.behave(
    streams({ pieces: pieces.slice(0, 30), finish: 'length', usage }),
    streams({ pieces: pieces.slice(0, -1), usage }),
    streams({ pieces: [JSON.stringify({ ...draft, sections: draft.sections.slice(0, 2) })], usage }),
  );
  const ask = () => assistant.generatePlan(profile, createListener().run);
  await t.rejects(ask(), { code: 'answer-too-long', retry: 'never', usage: { outputTokens: 16_000 } });
  await t.rejects(ask(), { code: 'answer-unusable', usage: { outputTokens: 16_000 } });
  await t.rejects(ask(), { code: 'answer-unusable', usage: { outputTokens: 16_000 } });
});

void t.test('prices are found by family, and a model that nobody knows costs nothing', async (t) => {
  t.same(priceOf('gpt-4o-mini-2024-07-18'), priceOf('gpt-4o-mini'));
  t.same(priceOf('openai/gpt-6-luna'), priceOf('gpt-6-luna'));
  t.ok(priceOf('claude-haiku-4-5-20251001').output > 0);
  t.equal(priced(priceOf('llama3.3'), { input: 1e6, output: 1e6 }).cost, 0);
  const model = await createFakeModel(t);
  const assistant = createAssistant(
    loadWorkerConfig({
      OPENAI_BASE_URL: model.url,
      LLM_MODEL: 'ours',
      LLM_PRICE: '2/4',
      DATABASE_URL: 'postgres://x/y',
    }),
  );
  model.behave(streams({ pieces, usage: { prompt_tokens: 1_000, completion_tokens: 500 } }));
  t.match((await assistant.generatePlan(profile, createListener().run)).usage, { cost: 0.004 });
  t.match(assistant.generator, { provider: 'openai-compatible', model: 'ours', demo: false });
});
