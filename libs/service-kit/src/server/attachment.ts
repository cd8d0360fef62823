/** Longer names are cut: most file systems end at 255 bytes. */
const longestName = 80;

/**
 * `Content-Disposition` of an answer that is to be saved under a name that people chose (RFC 6266): the name itself in the
 * encoding of RFC 8187, and the nearest one in ASCII for whoever does not know that. Neither can name another folder, hide
 * its ending, or end the header.
 */
export function attachment(name: string, ending: string): string {
  const safe = fileName(name);
  const ascii = fileName(safe.normalize('NFKD').replace(/[^\x20-\x7e]/g, ''));
  return `attachment; filename="${ascii}.${ending}"; filename*=UTF-8''${encoded(`${safe}.${ending}`)}`;
}

/** Without what any common system refuses or reads as more than a name; `%` and quotes would need escapes few readers undo. */
function fileName(name: string): string {
  const bare = name
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[\\/:*?"<>|%;']+/g, ' ')
    .replace(/\s+/g, ' ');
  const short = bare.slice(0, longestName).replace(/\p{Cs}/u, '');
  return short.replace(/^[. ]+|[. ]+$/g, '') || 'file';
}

/** `value-chars` of RFC 8187: what `encodeURIComponent` leaves as it is and they do not allow is encoded too. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
