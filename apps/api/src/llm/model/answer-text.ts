import type { Answer, AssistantRun } from '../assistant.ts';
import { readCitations, settledPart } from '../citations.ts';
import { createPartsStream } from './parts-stream.ts';
import { plainText, spoken } from './plain-text.ts';
import { unusable } from './read-json.ts';

/** Tells of an answer while it is written: word for word what will be the whole of it. */
export function createAnswerStream(emit: AssistantRun<'answer'>['emit'], passages: readonly number[]) {
  const parts = createPartsStream(emit);

  function grow(text: string): Answer {
    const { content, cited } = readCitations(spoken(text), passages);
    const trimmed = content.trim();
    parts.grow('answer', trimmed);
    return { content: plainText(trimmed), cited };
  }

  return {
    update: (answerSoFar: string) => void grow(settledPart(answerSoFar)),
    finish: (text: string): Answer => {
      const answer = grow(text);
      if (answer.content === '') throw unusable();
      return answer;
    },
  };
}
