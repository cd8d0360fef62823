import type { Passage } from '../../assistant.ts';

const common = new Set(
  'about after also been before being both could does each from have here into just know like made make many more most much need only other over said same should some such than that their them then there these they this those very want were what when where which while will with would your'.split(
    ' ',
  ),
);

export interface Quote {
  readonly number: number;
  readonly title: string;
  readonly text: string;
}

/** What the passages have to say to a question: the sentence of each that shares most words with it, at most two. */
export function findQuotes(question: string, passages: readonly Passage[]): Quote[] {
  const wanted = stems(question);
  return passages
    .flatMap(({ number, title, text }) => {
      const [best] = sentences(text)
        .map((sentence) => ({ sentence, shared: intersection(stems(sentence), wanted) }))
        .sort((a, b) => b.shared - a.shared);
      return best && best.shared > 0 ? [{ number, title, text: best.sentence, shared: best.shared }] : [];
    })
    .sort((a, b) => b.shared - a.shared)
    .slice(0, 2)
    .map(({ number, title, text }) => ({ number, title: plain(title, 120), text }));
}

function sentences(text: string): string[] {
  return text
    .split(/\n{2,}|(?<=[.!?])\s+|\n(?=\s*[-*#>])/)
    .map((sentence) => plain(sentence, 240))
    .filter((sentence) => sentence.length >= 20);
}

/** As words only: what a document marks up or numbers stays its own affair. */
function plain(text: string, length: number): string {
  const words = text
    .replace(/\s?\[\d+\]/g, '')
    .replace(/[[\]<>*_`#|“”"]+/g, ' ')
    .replace(/^\s*(?:[-+]|\d+[.)])\s/, '')
    .replace(/\s+/g, ' ')
    .trim();
  return words.length <= length ? words : `${words.slice(0, length).replace(/\s+\S*$/, '')}…`;
}

function stems(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  return new Set(words.filter((word) => !common.has(word)).map((word) => word.slice(0, 5)));
}

function intersection(some: ReadonlySet<string>, others: ReadonlySet<string>): number {
  return [...some].filter((word) => others.has(word)).length;
}
