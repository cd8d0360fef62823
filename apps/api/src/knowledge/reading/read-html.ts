import { Parser } from 'htmlparser2';
import { createOutline } from './outline.ts';
import type { Section } from './reading.ts';

/** What is no text of the page, or only leads elsewhere. */
const dropped = new Set(
  'script style noscript template head title nav svg math canvas iframe object embed audio video select datalist textarea button dialog'.split(
    ' ',
  ),
);
const blocks = new Set(
  'address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form header hr html legend main ol p pre section summary table ul'.split(
    ' ',
  ),
);
const hidingStyle =
  /display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:font-size|opacity)\s*:\s*[0.]+(?![.\d])|(?:left|top|right|bottom|margin-left|text-indent)\s*:\s*-\d{3}/i;
/** Comments and escapes, which nobody needs there but to write one of the above in another way. */
const disguise = /\/\*|\\/;

/** What is longer was never closed. */
const longestHeading = 1_000;

/** What a reader of the page sees. Read as a stream: no tree is built, however deep or long the page is. */
export function readHtml(source: string): Section[] {
  const outline = createOutline();
  // How many elements are open inside of, and with, one that is dropped.
  let droppedDepth = 0;
  let preformatted = 0;
  let heading: { level: number; text: string } | undefined;

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (droppedDepth > 0 || dropped.has(name) || isHidden(attributes)) droppedDepth++;
        else if (/^h[1-6]$/.test(name)) {
          closeHeading();
          heading = { level: Number(name[1]), text: '' };
        }
        if (droppedDepth === 0 && name === 'pre') preformatted++;
        if (droppedDepth === 0) outline.write(before(name));
      },
      ontext(text) {
        if (droppedDepth > 0) return;
        if (heading && heading.text.length < longestHeading) heading.text += text;
        else outline.write(preformatted > 0 ? text : text.replace(/\s+/g, ' '));
      },
      onclosetag(name) {
        if (droppedDepth > 0) {
          droppedDepth--;
          return;
        }
        if (name === 'pre') preformatted--;
        if (/^h[1-6]$/.test(name)) closeHeading();
        if (blocks.has(name)) outline.write('\n\n');
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );

  function closeHeading(): void {
    if (heading) outline.openSection(heading.level, heading.text);
    heading = undefined;
  }

  parser.end(source);
  return outline.close().map((section) => ({ ...section, text: section.text.replace(/^ +/gm, '') }));
}

function before(name: string): string {
  if (name === 'br' || name === 'tr') return '\n';
  if (name === 'li') return '\n- ';
  if (name === 'td' || name === 'th') return ' | ';
  return blocks.has(name) ? '\n\n' : '';
}

function isHidden(attributes: Record<string, string>): boolean {
  const { hidden, style = '', 'aria-hidden': ariaHidden } = attributes;
  return hidden !== undefined || ariaHidden === 'true' || hidingStyle.test(style) || disguise.test(style);
}
