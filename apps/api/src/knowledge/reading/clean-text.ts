/** Line ends of every kind. */
const lineEnds = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
const blanks = /[\t\p{Zs}]/gu;
/** Looked for from its first blank only: trying each of a million would take their square. */
const lineEnding = /(?<! ) +$/gm;

/**
 * What nobody sees: control characters, half and unassigned characters, private glyphs, and those format characters that
 * hide text or turn it around. Joiners stay, for scripts and emoji are written with them; variation selectors beyond the
 * common ones go, because they smuggle text.
 */
const invisible = /(?![\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u{e0100}-\u{e01ef}]/gu;

/** Text as people see it, in one spelling, ready to be stored, searched and quoted. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(lineEnds, '\n')
    .replace(blanks, ' ')
    .replace(invisible, '')
    .normalize('NFC')
    .replace(lineEnding, '')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+/, '')
    .trimEnd();
}

/** The same on one line. */
export function cleanLine(text: string, longest: number): string {
  const line = cleanText(text).replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1).toWellFormed()}…` : line;
}
