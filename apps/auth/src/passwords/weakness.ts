import { isCommonWord, longestWord, shortestWord } from './common-passwords.ts';
import { fold, unleet } from './fold.ts';

/** What must not make up a password: who it belongs to and where it is for. */
export interface PasswordContext {
  readonly email: string;
  readonly name?: string | null | undefined;
}

/** What is good by then stays good. */
const longestRead = 48;

/** With fewer independent parts than this, programs that guess find a password in hours. */
const leastParts = 7;

/**
 * Why a password is easily guessed, for the person who chose it; undefined for one that is not (NIST SP 800-63B, section
 * 3.1.1.2: compare with what is common, expected or known from breaches, and ask for no mixture of kinds of characters).
 *
 * What programs try first is words, and words with something around them. So it is read as they would write it: a known word, a
 * run of keys, a repetition and a date cost them little, however many characters they are; anything else costs them a part each.
 */
export function findWeakness(password: string, context: PasswordContext): string | undefined {
  const text = fold(password);
  const address = fold(context.email);
  const personal = personalWords(context);
  // The whole address is one thing to try, however long it is.
  const parts = countParts(text.replaceAll(address, '@'), [...personal, ...expectedWords]);
  if (parts >= leastParts && !address.includes(text)) return undefined;
  return [text, unleet(text)].some((each) => personal.some((word) => each.includes(word))) || address.includes(text)
    ? 'is easy to guess from who you are or what it is for. A few words that have nothing to do with each other are good.'
    : 'is easy to guess: it is common, repeats itself or follows the keyboard. A few words that have nothing to do with each other are good.';
}

/** What a field for a password makes people think of. */
const expectedWords = ['password', 'passwort'];

function personalWords({ email, name }: PasswordContext): string[] {
  const address = fold(email);
  const parts = [...address.split('@'), ...address.split(/[^\p{L}\p{N}]+/u), ...fold(name ?? '').split(/\s+/), 'alva'];
  return parts.filter((part) => part.length >= 3 && part !== 'com');
}

/**
 * The fewest parts the text can be read as. What costs nothing again is a word that was there already: "tiger tiger" is
 * no better than "tiger".
 */
function countParts(text: string, personal: readonly string[]): number {
  const characters = Array.from(text).slice(0, longestRead);
  const plain = characters.map(unleet);
  const fewest = [0];
  for (let end = 1; end <= characters.length; end++) {
    let least = (fewest[end - 1] ?? 0) + 1;
    for (let start = Math.max(0, end - longestWord * 2); start < end - 1; start++) {
      const before = fewest[start] ?? 0;
      if (before >= least) continue;
      const piece = characters.slice(start, end).join('');
      least = Math.min(
        least,
        before + costOf(piece, plain.slice(start, end).join(''), characters.slice(0, start).join(''), personal),
      );
    }
    fewest.push(least);
  }
  return fewest.at(-1) ?? 0;
}

function costOf(piece: string, plain: string, before: string, personal: readonly string[]): number {
  if (/^(.)\1+$/u.test(piece)) return 1;
  const { length } = piece;
  if (length < 3) return length;
  if (personal.includes(piece) || personal.includes(plain)) return 1;
  if (before.includes(piece) || before.includes(Array.from(piece).reverse().join(''))) return 1;
  if (isRun(piece) || /^(?:19|20)\d\d$/.test(piece)) return 1;
  if (length < shortestWord || length > longestWord) return length;
  if (/^\d+$/.test(piece)) return isCommonWord(piece) ? 2 : length;
  return isCommonWord(piece) || isCommonWord(plain) ? 2 : length;
}

/** Rows and columns of keyboards, and the orders that everybody knows. */
const orders = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop[]',
  'asdfghjkl;',
  'zxcvbnm,./',
  'qwertzuiop',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  '!@#$%^&*()_+',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
];
const runs = orders.flatMap((order) => [order, Array.from(order).reverse().join('')]);

function isRun(piece: string): boolean {
  return runs.some((run) => run.includes(piece));
}
