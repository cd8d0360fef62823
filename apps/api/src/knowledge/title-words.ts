const ending = /\.(?:pdf|md|markdown|txt|text|html?)$/i;
/** In characters. Every passage of a section is stored with them. */
const longest = 400;

/**
 * The name of a document and the headings above a passage, as words that can be searched: "price-list_2026.pdf" is found by
 * "price list". Where that is much, the nearest headings.
 */
export function titleWords(name: string, headings: readonly string[]): string {
  const kept: string[] = [];
  let room = longest - name.length;
  for (const heading of headings.toReversed()) {
    room -= heading.length;
    if (room < 0) break;
    kept.unshift(heading);
  }
  return [name, ...kept].map((each) => each.replace(ending, '').replace(/[-_.]+/g, ' ')).join(' ');
}
