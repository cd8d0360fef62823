import { setTimeout as delay } from 'node:timers/promises';
import type { DraftPart, PlanDraft } from '@alva/validation';
import type { Planner, Planning } from '../planner.ts';
import { partStep, steps } from '../steps.ts';
import { composePlan } from './compose-plan.ts';

/**
 * Writes plans by rules, for whoever has no model configured. It is slow on purpose: what is seen with it is what is seen with
 * a model. Everywhere it appears it is called what it is.
 */
export function createDemoPlanner({ wordsPerSecond }: { wordsPerSecond: number }): Planner {
  return {
    generator: { provider: 'demo', model: 'demo planner', demo: true },
    async generatePlan(profile, planning) {
      planning.emit(steps.reading);
      const draft = composePlan(profile);
      await writeOut(draft, planning, wordsPerSecond);
      return { draft, usage: { inputTokens: 0, outputTokens: 0, cost: 0 } };
    },
  };
}

async function writeOut(draft: PlanDraft, planning: Planning, wordsPerSecond: number): Promise<void> {
  const parts = draft.sections.length + 1;
  planning.emit(partStep('summary', 0, parts));
  await write('summary', undefined, draft.summary, planning, wordsPerSecond);
  for (const [index, { channel, title, body }] of draft.sections.entries()) {
    planning.emit(partStep(channel, index + 1, parts));
    await write(channel, title, body, planning, wordsPerSecond);
  }
  planning.emit(steps.tasks);
  await pause(wordsPerSecond && 600, planning.signal);
  planning.emit(steps.checking);
  await pause(wordsPerSecond && 300, planning.signal);
}

/** A few words at a time, as a model would. */
async function write(
  part: DraftPart,
  heading: string | undefined,
  text: string,
  { emit, signal }: Planning,
  wordsPerSecond: number,
): Promise<void> {
  const words = text.match(/\S+\s*/g) ?? [];
  const step = wordsPerSecond === 0 ? words.length : Math.max(1, Math.round(wordsPerSecond / 20));
  for (let at = 0; at < words.length; at += step) {
    const chunk = words.slice(at, at + step).join('');
    emit({ event: 'delta', data: { part, ...(at === 0 && heading !== undefined ? { heading } : {}), text: chunk } });
    await pause(wordsPerSecond && (step / wordsPerSecond) * 1000, signal);
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (milliseconds > 0) await delay(milliseconds, undefined, { signal });
}
