import { setTimeout as delay } from 'node:timers/promises';
import type { DraftPart, PlanDraft } from '@alva/validation';
import type { Assistant, AssistantRun, TokenUsage } from '../assistant.ts';
import { partStep, steps } from '../steps.ts';
import { composeAnswer } from './answer/compose-answer.ts';
import { composePlan } from './compose-plan.ts';
import { rewriteSection } from './rewrite-section.ts';

const nothing: TokenUsage = { inputTokens: 0, outputTokens: 0, cost: 0 };

/**
 * Writes plans and answers by rules, for whoever has no model configured. It is slow on purpose: what is seen with it is what
 * is seen with a model. Everywhere it appears it is called what it is.
 */
export function createDemoAssistant({ wordsPerSecond }: { wordsPerSecond: number }): Assistant {
  return {
    generator: { provider: 'demo', model: 'demo planner, English only', demo: true },

    async generatePlan(profile, run) {
      run.emit(steps.reading);
      const draft = composePlan(profile);
      await writeOut(draft, run, wordsPerSecond);
      return { draft, usage: nothing };
    },

    async writeSection(request, run) {
      const { channel } = request;
      run.emit(partStep(channel, 0, 1));
      const section = rewriteSection(request);
      await write(channel, section.title, section.body, run, wordsPerSecond);
      return { section, usage: nothing };
    },

    async answer(question, run) {
      run.emit(steps.thinking);
      const answer = composeAnswer(question);
      await write('answer', undefined, answer.content, run, wordsPerSecond);
      return { answer, usage: nothing };
    },
  };
}

async function writeOut(draft: PlanDraft, run: AssistantRun<DraftPart>, wordsPerSecond: number): Promise<void> {
  const parts = draft.sections.length + 1;
  run.emit(partStep('summary', 0, parts));
  await write('summary', undefined, draft.summary, run, wordsPerSecond);
  for (const [index, { channel, title, body }] of draft.sections.entries()) {
    run.emit(partStep(channel, index + 1, parts));
    await write(channel, title, body, run, wordsPerSecond);
  }
  run.emit(steps.tasks);
  await pause(wordsPerSecond && 600, run.signal);
  run.emit(steps.checking);
  await pause(wordsPerSecond && 300, run.signal);
}

/** A few words at a time, as a model would. */
async function write<Part extends string>(
  part: Part,
  heading: string | undefined,
  text: string,
  { emit, signal }: AssistantRun<Part>,
  wordsPerSecond: number,
): Promise<void> {
  const words = text.match(/\s*\S+\s*/g) ?? [];
  const step = wordsPerSecond === 0 ? words.length : Math.max(1, Math.round(wordsPerSecond / 20));
  for (let at = 0; at < words.length; at += step) {
    signal.throwIfAborted();
    const chunk = words.slice(at, at + step).join('');
    emit({ event: 'delta', data: { part, ...(at === 0 && heading !== undefined ? { heading } : {}), text: chunk } });
    await pause(wordsPerSecond && (step / wordsPerSecond) * 1000, signal);
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (milliseconds > 0) await delay(milliseconds, undefined, { signal });
}
