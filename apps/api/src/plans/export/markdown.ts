/**
 * Text for a Markdown document whose structure is ours: nothing that people or models wrote begins a heading, a code block
 * or HTML that goes on behind it, whatever is in it. Line by line and without a parser, because those can be kept busy for
 * seconds by a text made for it.
 */

/** Plain text within a line of ours: every sign says what it is. */
export function plain(text: string): string {
  return withoutControls(text).trim().split(/\s+/).map(plainWord).join(' ');
}

/** Signs inside a word mean nothing, and read better as they are. */
const signs = /[\\`*[\]<>|~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|&(?=#?\w+;)|^#/gu;
/** Addresses become links by themselves, and a backslash a part of them: what it was to disarm behind them would be bare. */
const address = /:\/\/|www\.|@/i;
const signsInAddresses = /[\\`*[\]<>|]|&(?=#?\w+;)/g;

function plainWord(word: string): string {
  if (!address.test(word)) return word.replace(signs, '\\$&');
  return word.replace(signsInAddresses, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Plain text of several lines as paragraphs, each line indented as deep as what it belongs to. */
export function plainParagraphs(text: string, indent: string): string {
  return withoutControls(text)
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.split('\n').map(plain).filter(Boolean).map(plainLineStart).join(`\\\n${indent}`))
    .filter(Boolean)
    .map((paragraph) => indent + paragraph)
    .join('\n\n');
}

/** Markdown below a heading of ours of the second level: it keeps its formatting and stays where it is put. */
export function contained(markdown: string): string {
  return withoutControls(markdown).trim().split('\n').map(containedLine).join('\n');
}

/** Quotes and list items may hold headings too. */
const container = String.raw`(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t])))*[ \t]*`;
const heading = new RegExp(String.raw`^(${container})(#{1,6})(?=[ \t]|$)`);
const underline = new RegExp(String.raw`^(${container})(=+|-{1,2})[ \t]*$`);
const fence = new RegExp('^([ \\t]*)(`{3}|~{3})');

function containedLine(line: string): string {
  return (
    line
      // The beginnings of HTML, and of definitions, which hold for the whole document.
      .replace(/<(?=[a-z/!?])/gi, '&lt;')
      .replaceAll(']:', ']\\:')
      // A line of dashes makes a heading of the line above; one of stars only divides.
      .replace(/^[ \t]*-{3,}[ \t]*$/, '***')
      .replace(underline, '$1\\$2')
      .replace(fence, '$1\\$2')
      .replace(heading, (_match, before: string, signs: string) => before + (signs.length <= 3 ? '###' : '####'))
  );
}

/** What makes a list or a heading only at the beginning of a line. */
function plainLineStart(line: string): string {
  return line.replace(/^[-+=]/, '\\$&').replace(/^(\d{1,9})([.)])/, '$1\\$2');
}

function withoutControls(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]|\p{Cs}/gu, '');
}
