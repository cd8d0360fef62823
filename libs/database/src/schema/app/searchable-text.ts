/** Umlauts are not among them: they make other words, and the German stemmer knows what to do with them. */
const accented: Record<string, string> = {
  a: 'àáâãåÀÁÂÃÅ',
  c: 'çÇ',
  e: 'èéêëÈÉÊË',
  i: 'ìíîïÌÍÎÏ',
  n: 'ñÑ',
  o: 'òóôõøÒÓÔÕØ',
  u: 'ùúûÙÚÛ',
  y: 'ýÿÝ',
  // Postgres would take "and/or" for the name of a file and "<b>" for markup, and find neither word.
  ' ': '/_<>&|',
};

const from = Object.values(accented).join('');
const to = Object.entries(accented)
  .map(([plain, letters]) => plain.repeat(letters.length))
  .join('');

/**
 * SQL for a text as it is searched: accents make no difference, and signs do not glue words together. Letter by letter, so
 * that a place in it is the same place in the text.
 */
export function searchableText(expression: string): string {
  return `translate(${expression}, '${from}', '${to}')`;
}
