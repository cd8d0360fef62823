import type { Answer } from './assistant.ts';

/** `[1]`, `[1, 2]`, `[^1]`, the same as a link, and how some models write it unasked: `【1†source】`. */
const citation = /[ \t]?(?:\[\^?(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\](?:\([^()\s]*\))?|【(\d{1,3})[^【】]{0,40}】)/g;
/** What could still become one when the text goes on. */
const unfinished = /[ \t]?(?:\[\^?[\d\s,;]*(?:\](?:\([^()\s]*)?)?|【[^【】]{0,50}|[ \t])$/;

/** Leaves those citations in a text whose passages there are, all in one form, and says which. */
export function readCitations(text: string, known: readonly number[]): Answer {
  const cited = new Set<number>();
  const content = text.replace(citation, (mention: string, list: string | undefined, single: string | undefined) => {
    const numbers = (list ?? single ?? '').split(/[,;]/).map(Number);
    const found = numbers.filter((number) => known.includes(number));
    for (const number of found) cited.add(number);
    if (found.length === 0) return '';
    return `${/^[ \t]/.test(mention) ? ' ' : ''}${found.map((number) => `[${number}]`).join('')}`;
  });
  return { content, cited: [...cited] };
}

/** The beginning of a text that is still being written, as far as its citations are whole. */
export function settledPart(text: string): string {
  return text.replace(unfinished, '');
}
