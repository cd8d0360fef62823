/** A point after one of these ends no sentence. */
const abbreviation = /\b(?:Dr|Prof|Mr|Mrs|Ms|St|Str|No|Nr|Co|vs|e\.g|i\.e|z\.B)\.$/;
/** Where a sentence may end: what is quoted within it counts as one word. */
const end = /“[^”]*[.!?]”(?=\s|$)|“[^”]*”|[.!?](?=\s|$)/g;

/** Up to its end: a colon is none, because what it promises follows. The whole text where it has no other end. */
export function firstSentence(text: string): string {
  for (const { 0: found, index } of text.matchAll(end)) {
    const sentence = text.slice(0, index + found.length);
    if (/[.!?]”?$/.test(found) && !abbreviation.test(sentence)) return sentence;
  }
  return text;
}
