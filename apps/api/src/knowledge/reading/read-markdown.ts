import { createOutline } from './outline.ts';
import type { Section } from './reading.ts';

const fence = /^ {0,3}(`{3,}|~{3,})/;
const heading = /^ {0,3}(#{1,6})(?:[ \t](.*))?$/s;
const underline = /^ {0,3}(=+|-+)[ \t]*$/;
/** What begins a list, a quotation, a table or a heading cannot be underlined. */
const noTitle = /^ {0,3}(?:[-*+>|#]|\d+[.)])/;

/** Headings become sections; everything else stays as it is written, for that reads well. */
export function readMarkdown(source: string): Section[] {
  const outline = createOutline();
  const lines = withoutFrontMatter(withoutComments(source).split(/\r\n?|\n/));
  let open = '';
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const mark = fence.exec(line)?.[1] ?? '';
    const [, level = '', title = ''] = (open === '' && heading.exec(line)) || [];
    const under = open === '' && isTitle(line) ? underline.exec(lines[index + 1] ?? '')?.[1] : undefined;
    if (open === '') open = mark;
    else if (mark.startsWith(open)) open = '';
    if (level !== '') outline.openSection(level.length, plainTitle(title));
    else if (under === undefined) outline.write(`${line}\n`);
    else {
      outline.openSection(under.startsWith('=') ? 1 : 2, plainTitle(line));
      index++;
    }
  }
  return outline.close();
}

function isTitle(line: string): boolean {
  return line.trim() !== '' && line.length < 500 && !noTitle.test(line);
}

/** Nobody who looks at the rendered page sees them. Searched without a pattern, because there may be a million of them. */
function withoutComments(source: string): string {
  const kept: string[] = [];
  let from = 0;
  for (;;) {
    const begin = source.indexOf('<!--', from);
    const end = begin < 0 ? -1 : source.indexOf('-->', begin + 4);
    if (end < 0) return kept.join('') + source.slice(from);
    kept.push(source.slice(from, begin));
    from = end + 3;
  }
}

function withoutFrontMatter(lines: string[]): string[] {
  if (lines[0]?.trimEnd() !== '---') return lines;
  const end = lines.indexOf('---', 1);
  return end < 0 ? lines : lines.slice(end + 1);
}

/** Without emphasis and the addresses of links. */
function plainTitle(title: string): string {
  return title
    .trimStart()
    .slice(0, 500)
    .replace(/[ \t]+#+[ \t]*$/, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`~]|\b_|_\b/g, '');
}
