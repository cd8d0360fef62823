const most = 60;

/** What a conversation is called when nobody has named it: the beginning of its first question, in whole words. */
export function titleFrom(question: string): string {
  const line = question.trim().replace(/\s+/g, ' ');
  if (line.length <= most) return line;
  const lastSpace = line.lastIndexOf(' ', most);
  // A title of one short word says nothing, and no character is cut in half.
  const kept = lastSpace >= most / 2 ? line.slice(0, lastSpace) : line.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept.replace(/[\s,;:.–-]+$/, '')}…`;
}
