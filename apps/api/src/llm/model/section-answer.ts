import type { SectionChannel } from '@alva/shared-types';
import { z } from 'zod';
import type { AssistantRun, WrittenSection } from '../assistant.ts';
import { createPartsStream } from './parts-stream.ts';
import { cut } from './plain-text.ts';
import { readJson, readPartialJson, unusable } from './read-json.ts';

export const sectionAnswer = z.object({ title: z.string(), body: z.string() });

const partialAnswer = sectionAnswer.partial();

/** Tells of a section while it is written. */
export function createSectionStream(emit: AssistantRun<SectionChannel>['emit'], channel: SectionChannel) {
  const parts = createPartsStream(emit);
  return async function update(answerSoFar: string): Promise<void> {
    const { data: partial } = partialAnswer.safeParse(await readPartialJson(answerSoFar));
    if (partial?.body) parts.grow(channel, partial.body, { heading: partial.title });
  };
}

export function readSectionAnswer(text: string, channel: SectionChannel): WrittenSection {
  const { data: answer } = sectionAnswer.safeParse(readJson(text));
  if (!answer || answer.body.trim() === '') throw unusable();
  return { title: cut(answer.title, 200) || channel, body: cut(answer.body, 12_000) };
}
