import { dictionary } from '@zxcvbn-ts/language-common';
import { fold, unleet } from './fold.ts';

let known: ReadonlySet<string> | undefined;

/** Shorter ones are in any password by chance. */
export const shortestWord = 4;
export const longestWord = 24;

/**
 * Whether people choose this as a password, or as a word of one (in small letters). From lists of what was found in
 * breaches and of words for dice, which come with the package: nobody is asked. Read when the first password is judged.
 */
export function isCommonWord(text: string): boolean {
  known ??= new Set(
    [...dictionary['passwords-common'], ...dictionary['diceware-common']]
      .filter((word) => word.length >= shortestWord && word.length <= longestWord)
      .flatMap((word) => [fold(word), unleet(fold(word))]),
  );
  return known.has(text);
}
