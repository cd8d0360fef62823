import { draftPart, type DraftPart } from '@alva/validation';
import { parsePartialJson } from 'ai';
import { z } from 'zod';
import type { Planning } from '../planner.ts';
import { partStep, steps } from '../steps.ts';
import { plainText } from './plain-text.ts';

const partialAnswer = z.object({
  summary: z.string().optional().catch(undefined),
  sections: z
    .array(
      z.object({ channel: z.string().optional(), title: z.string().optional(), body: z.string().optional() }).catch({}),
    )
    .optional()
    .catch(undefined),
  tasks: z.unknown().optional(),
});

/** Turns an answer that grows into events: the part that is being written, and the text that was added to it. */
export function createDraftStream(emit: Planning['emit'], chosenChannels: number) {
  const written = new Map<DraftPart, number>();
  let atTasks = false;

  function grow(part: DraftPart, heading: string | undefined, text: string): void {
    const before = written.get(part);
    if (before === undefined) emit(partStep(part, written.size, chosenChannels + 2));
    // Half of a surrogate pair waits for its other half.
    const whole = /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
    const added = plainText(whole.slice(before ?? 0));
    written.set(part, Math.max(before ?? 0, whole.length));
    if (before === undefined && heading !== undefined)
      emit({ event: 'delta', data: { part, heading: plainText(heading).slice(0, 200), text: added } });
    else if (added !== '') emit({ event: 'delta', data: { part, text: added } });
  }

  return async function update(answerSoFar: string): Promise<void> {
    const { value } = await parsePartialJson(answerSoFar.replace(/^\s*```(?:json)?/, ''));
    const { data: partial } = partialAnswer.safeParse(value);
    if (!partial) return;
    if (partial.summary) grow('summary', undefined, partial.summary);
    for (const { channel, title, body } of partial.sections ?? []) {
      const part = draftPart.safeParse(channel);
      // Only with the body has the title come to its end.
      if (part.success && body) grow(part.data, title, body);
    }
    if (partial.tasks !== undefined && !atTasks) {
      atTasks = true;
      emit(steps.tasks);
    }
  };
}
