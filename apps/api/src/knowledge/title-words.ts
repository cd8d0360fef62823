const ending = /\.(?:pdf|md|markdown|txt|text|html?)$/i;

/** Names and headings as words that can be searched: "price-list_2026.pdf" is found by "price list". */
export function wordsOf(names: readonly string[]): string {
  return names.map((name) => name.replace(ending, '').replace(/[-_.]+/g, ' ')).join(' ');
}
