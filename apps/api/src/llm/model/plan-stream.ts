import { draftPart, type ClientProfile, type DraftPart } from '@alva/validation';
import { z } from 'zod';
import type { AssistantRun } from '../assistant.ts';
import { partStep, steps } from '../steps.ts';
import { createPartsStream } from './parts-stream.ts';
import { readPartialJson } from './read-json.ts';

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

/** Tells of a plan while it is written. */
export function createPlanStream(emit: AssistantRun<DraftPart>['emit'], { channels }: ClientProfile) {
  const parts = createPartsStream(emit);
  let atTasks = false;

  function grow(part: DraftPart, text: string, heading?: string): void {
    const onBegin = () => emit(partStep(part, parts.begun(), channels.length + 2));
    parts.grow(part, text, { heading, onBegin });
  }

  return async function update(answerSoFar: string): Promise<void> {
    const { data: partial } = partialAnswer.safeParse(await readPartialJson(answerSoFar));
    if (!partial) return;
    if (partial.summary) grow('summary', partial.summary);
    for (const { channel, title, body } of partial.sections ?? []) {
      const part = draftPart.safeParse(channel);
      // Only with the body has the title come to its end.
      if (part.success && body) grow(part.data, body, title);
    }
    if (partial.tasks !== undefined && !atTasks) {
      atTasks = true;
      emit(steps.tasks);
    }
  };
}
