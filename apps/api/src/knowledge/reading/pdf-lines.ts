/** A piece of text as PDF.js finds it on a page; places are in points, from the lower left. */
export interface TextItem {
  readonly str: string;
  readonly hasEOL: boolean;
  readonly height: number;
  readonly transform: readonly number[];
}

interface Line {
  text: string;
  readonly y: number;
  readonly height: number;
}

const listMark = /^\s*(?:[-•–▪*]|\d+[.)])\s/;
/** After these a hyphen stays: "Ein- und Ausgang". */
const conjunction = /^(?:und|oder|bzw|and|or)\b/;

/** Puts the pieces of a page back into paragraphs: lines are joined, words that were parted at their end made whole. */
export function joinLines(items: readonly TextItem[]): string {
  const lines = linesOf(items);
  let page = '';
  for (const [index, line] of lines.entries()) {
    const above = lines[index - 1];
    if (!above) page = line.text;
    else if (beginsParagraph(line, above)) page += `\n\n${line.text}`;
    else if (listMark.test(line.text)) page += `\n${line.text}`;
    else if (isParted(above.text, line.text)) page = page.slice(0, -1) + line.text;
    else page += ` ${line.text}`;
  }
  return page;
}

function linesOf(items: readonly TextItem[]): Line[] {
  const lines: Line[] = [];
  let current: Line | undefined;
  for (const { str, hasEOL, height, transform } of items) {
    if (str !== '') {
      current ??= { text: '', y: transform[5] ?? 0, height };
      current.text += str;
    }
    if (hasEOL && current) {
      lines.push({ ...current, text: current.text.trim() });
      current = undefined;
    }
  }
  if (current) lines.push({ ...current, text: current.text.trim() });
  return lines.filter(({ text }) => text !== '');
}

/** Further down than the next line would be, further up (another column), or in another size of letters. */
function beginsParagraph(line: Line, above: Line): boolean {
  const down = above.y - line.y;
  const size = Math.max(line.height, above.height, 1);
  return down > size * 1.8 || down < -size || Math.abs(line.height - above.height) > size * 0.15;
}

function isParted(above: string, line: string): boolean {
  return /\p{L}-$/u.test(above) && /^\p{Ll}/u.test(line) && !conjunction.test(line);
}
