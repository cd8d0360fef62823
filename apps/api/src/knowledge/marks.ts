/** A stretch of a text, in UTF-16 code units. */
export interface Mark {
  readonly start: number;
  readonly end: number;
}

export interface Excerpt {
  readonly text: string;
  readonly marks: Mark[];
}

const longestExcerpt = 280;
/** Of one passage. Nobody looks at more, and a passage of single letters has hundreds. */
const mostMarks = 100;

/** Private characters, which no text that is stored has, around each word that was found. */
export const markBegin = '\ue000';
export const markEnd = '\ue001';
const marked = new RegExp(`${markBegin}[^${markBegin}${markEnd}]*${markEnd}`, 'g');

/** Where these words are in the text without those characters. */
export function marksOf(withMarks: string, text: string): Mark[] {
  const marks: Mark[] = [];
  let removed = 0;
  for (const { index, 0: found } of withMarks.matchAll(marked)) {
    const start = index - removed;
    marks.push({ start, end: start + found.length - 2 });
    removed += 2;
  }
  // Should Postgres have left something out, no mark is better than wrong ones.
  return withMarks.length - removed === text.length ? marks.slice(0, mostMarks) : [];
}

/** The part of a passage with the most marks, cut between words. */
export function excerptOf(text: string, marks: readonly Mark[]): Excerpt {
  if (text.length <= longestExcerpt) return { text, marks: [...marks] };
  const start = beginOf(text, marks);
  const end = endOf(text, start);
  const inside = marks.filter((mark) => mark.start >= start && mark.end <= end);
  const [before, after] = [start > 0 ? '… ' : '', end < text.length ? ' …' : ''];
  const shift = before.length - start;
  return {
    text: before + text.slice(start, end) + after,
    marks: inside.map((mark) => ({ start: mark.start + shift, end: mark.end + shift })),
  };
}

/** A little before the mark that most others follow closely, at the beginning of a word. */
function beginOf(text: string, marks: readonly Mark[]): number {
  const first = crowdedMark(marks);
  const from = Math.min((first?.start ?? 0) - 60, text.length - longestExcerpt);
  return from <= 0 ? 0 : Math.min(text.indexOf(' ', from - 1) + 1 || from, first?.start ?? from);
}

/** Marks stand in the order of the text: one sweep sees how many follow each. */
function crowdedMark(marks: readonly Mark[]): Mark | undefined {
  let [best, most, next] = [marks[0], 0, 0];
  for (const [index, mark] of marks.entries()) {
    while ((marks[next]?.end ?? Infinity) <= mark.start + longestExcerpt - 60) next++;
    if (next - index > most) [best, most] = [mark, next - index];
  }
  return best;
}

function endOf(text: string, start: number): number {
  if (text.length <= start + longestExcerpt) return text.length;
  const blank = text.lastIndexOf(' ', start + longestExcerpt);
  if (blank > start) return blank;
  // Not between the two halves of a character.
  const end = start + longestExcerpt;
  return /[\udc00-\udfff]/.test(text[end] ?? '') ? end + 1 : end;
}
