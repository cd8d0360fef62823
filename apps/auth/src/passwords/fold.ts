/** Without case and accents, as nobody who guesses looks at them. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

const letters: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '+': 't',
};

/** "p4$$w0rd" as "password", character for character. */
export function unleet(text: string): string {
  return text.replace(/[0134578@$!|+9]/g, (character) => letters[character] ?? character);
}
