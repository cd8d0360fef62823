/** Text as the database can hold it and a page can show it: no control characters but breaks and tabs, no half characters. */
export function plainText(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this takes out
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '').toWellFormed();
}

/** The same, no longer than there is room for. */
export function cut(text: string, length: number): string {
  const plain = plainText(text).trim();
  if (plain.length <= length) return plain;
  return `${plain
    .slice(0, length - 1)
    .toWellFormed()
    .trimEnd()}…`;
}

/** Without what some models think aloud first, also while they are still at it. */
export function spoken(text: string): string {
  return text.replace(/^\s*(?:<think>[\s\S]*?(?:<\/think>|$)|<(?:t(?:h(?:i(?:nk?)?)?)?)?$)/, '').trimStart();
}
