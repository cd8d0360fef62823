import { Hint } from './hint.ts';

const helpWords = ['help', '--help', '-h'];

export function asksForHelp(word: string): boolean {
  return helpWords.includes(word);
}

/**
 * For commands that take no words. True when the person asked how it is used, which is then printed; any other word is
 * refused: to do the usual as if it were not there may be what it was to prevent.
 */
export function isAskedForHelp(usage: string): boolean {
  const [word] = process.argv.slice(2);
  if (word === undefined) return false;
  if (!asksForHelp(word)) throw new Hint(`"${word}" means nothing here. ${usage}`);
  console.log(usage);
  return true;
}
