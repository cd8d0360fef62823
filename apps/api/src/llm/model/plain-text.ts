/** Text as the database can hold it and a page can show it: no control characters but breaks and tabs, no half characters. */
export function plainText(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this takes out
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '').toWellFormed();
}
