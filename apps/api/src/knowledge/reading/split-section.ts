/** In characters: two or three paragraphs, of which half a dozen fit into a prompt. */
const target = 1_000;
export const longestStretch = 1_400;
/** What the end of one chunk and the beginning of the next have in common at most. */
const overlap = 160;
/** How much later each of them begins than the one before, so that overlaps cannot multiply the text. */
const leastAdvance = target / 2;

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

interface Sentence extends Stretch {
  readonly endsParagraph: boolean;
}

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });
/** A line end that the next line goes on from, unlike one before a list item, a row or a quotation. */
const wrapped = /\n(?!\s*(?:[-*+•–▪|>]|\d+[.)]))/g;

/** Cuts text into stretches that begin and end with a sentence, and at a paragraph where one ends near the target. */
export function splitSection(text: string): Stretch[] {
  const all = sentencesOf(text);
  const stretches: Stretch[] = [];
  let first = 0;
  while (first < all.length) {
    const last = lastFrom(all, first);
    stretches.push({ start: all[first]?.start ?? 0, end: all[last]?.end ?? text.length });
    first = last + 1 < all.length ? beginBefore(all, first, last) : all.length;
  }
  return stretches;
}

function lastFrom(all: readonly Sentence[], first: number): number {
  const start = all[first]?.start ?? 0;
  let [last, paragraph] = [first, -1];
  for (let index = first; index < all.length; index++) {
    const { end, endsParagraph } = all[index] as Sentence;
    if (index > first && end - start > target) break;
    last = index;
    if (endsParagraph && end - start > target / 2) paragraph = index;
  }
  // A little shorter and whole is better than full and cut.
  return last === all.length - 1 || paragraph < 0 ? last : paragraph;
}

/** Goes back over whole sentences, so that what leans on the one before is found with it. */
function beginBefore(all: readonly Sentence[], first: number, last: number): number {
  const earliest = Math.max((all[last]?.end ?? 0) - overlap, (all[first]?.start ?? 0) + leastAdvance);
  let begin = last + 1;
  while ((all[begin - 1]?.start ?? 0) >= earliest) begin--;
  return begin;
}

function sentencesOf(text: string): Sentence[] {
  const found: Sentence[] = [];
  for (const paragraph of text.matchAll(/(?:[^\n]|\n(?!\n))+/g)) {
    const from = paragraph.index;
    // As long as what it replaces: places stay.
    const joined = paragraph[0].replace(wrapped, ' ');
    for (const { segment, index } of sentences.segment(joined)) {
      for (const { start, end } of pieces(segment))
        found.push({ start: from + index + start, end: from + index + end, endsParagraph: false });
    }
    const last = found.pop();
    if (last) found.push({ ...last, endsParagraph: true });
  }
  return found;
}

/** The sentence without the blanks around it; one that is no sentence to be read in one breath, in several. */
function pieces(segment: string): Stretch[] {
  const lead = segment.length - segment.trimStart().length;
  const end = segment.trimEnd().length;
  const found: Stretch[] = [];
  for (let start = lead; start < end;) {
    const stop = end - start <= longestStretch ? end : breakAt(segment, start);
    found.push({ start, end: stop });
    start = stop;
    while (segment[start] === ' ') start++;
  }
  return found;
}

function breakAt(text: string, start: number): number {
  const blank = text.slice(start, start + target + 1).lastIndexOf(' ');
  if (blank > target / 2) return start + blank;
  const at = start + target;
  // Not between the two halves of a character.
  return /[\udc00-\udfff]/.test(text[at] ?? '') ? at + 1 : at;
}
