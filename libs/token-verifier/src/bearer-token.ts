import type { IncomingMessage } from 'node:http';
import { TokenRejected } from './errors.ts';

/**
 * The token of `Authorization: Bearer <token>` (RFC 6750 section 2.1), the only place it is taken from: never a cookie,
 * a body or a query. Throws `TokenRejected`, also when the header came twice, because proxies and Node may then
 * disagree on which one counts.
 */
export function bearerToken({ headers, rawHeaders }: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): string {
  const value = headers.authorization ?? '';
  if (isRepeated('authorization', rawHeaders)) throw new TokenRejected('repeated-header');
  // Scheme names ignore case (RFC 9110 section 11.1).
  if (!/^bearer(?: |$)/i.test(value)) throw new TokenRejected('missing');
  return value.slice('bearer '.length);
}

function isRepeated(name: string, rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const raw = rawHeaders[index];
    if (raw?.length === name.length && raw.toLowerCase() === name) count += 1;
  }
  return count > 1;
}
