import { parsePartialJson } from 'ai';
import { ModelError } from '../model-error.ts';
import { spoken } from './plain-text.ts';

/** The whole of an answer in JSON. Smaller models like to put a fence around it. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(unfenced(text).replace(/\s*```\s*$/, ''));
  } catch {
    throw unusable();
  }
}

/** As much as can be told of an answer that is still being written. */
export async function readPartialJson(text: string): Promise<unknown> {
  return (await parsePartialJson(unfenced(text))).value;
}

export function unusable(): ModelError {
  return new ModelError('answer-unusable', 'The model answered with something that cannot be used.', {});
}

function unfenced(text: string): string {
  return spoken(text).replace(/^```(?:json)?\s*/, '');
}
