import type { TextLanguage } from '@alva/shared-types';

/** Words that make up a third of any text of a language and are seldom in another's. */
const words: Record<Exclude<TextLanguage, 'simple'>, ReadonlySet<string>> = {
  german: new Set(
    'der die das und ist nicht ein eine einen einem einer mit auf für von dem den des zu im sich auch wird werden sind bei oder als wir sie ich wie aus nach über kann durch zum zur unser ihre haben hat noch nur wenn'.split(
      ' ',
    ),
  ),
  english: new Set(
    'the and is not of to in that it for on with are this be as at by from or an your you we our have has can will was were which their its if when how what'.split(
      ' ',
    ),
  ),
};
const looksAt = 20_000;

/** By its commonest words. `otherwise` is for texts that are too short to tell. */
export function detectLanguage(text: string, otherwise: TextLanguage): TextLanguage {
  let [german, english, all] = [0, 0, 0];
  for (const [word] of text
    .slice(0, looksAt)
    .toLowerCase()
    .matchAll(/\p{L}+/gu)) {
    all++;
    if (words.german.has(word)) german++;
    if (words.english.has(word)) english++;
  }
  const most = Math.max(german, english);
  if (all < 8 || (most < 2 && all < 40)) return otherwise;
  if (most < all / 20) return 'simple';
  if (german === english) return otherwise;
  return german > english ? 'german' : 'english';
}
