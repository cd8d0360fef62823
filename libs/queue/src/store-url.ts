/** Reads a URL without ever repeating it: Node's own error, and a driver's guess at what was meant, carry the password. */
export function readStoreUrl(url: string, protocols: readonly string[]): URL {
  const read = URL.canParse(url) ? new URL(url) : undefined;
  if (!read || !protocols.includes(read.protocol)) throw new TypeError(`Not a ${protocols.join(' or ')} URL`);
  return read;
}
