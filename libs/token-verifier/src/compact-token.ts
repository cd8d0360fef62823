import { TokenRejected } from './errors.ts';

/** Auth's tokens stay under 700 bytes; anything much longer is not worth a look. */
const maximumLength = 1024;

export interface CompactToken {
  /** The three segments as they came. */
  header: string;
  payload: string;
  signature: string;
  /** What the signature is over: header and payload with their dot (RFC 7515 section 5.2). */
  signed: string;
}

/**
 * Takes a compact JWS (RFC 7515 section 7.1) apart without decoding it. Throws `TokenRejected`, also for what is no text:
 * JavaScript hands over a header that is not there, or came twice, as it is.
 */
export function splitToken(token: unknown): CompactToken {
  if (typeof token !== 'string' || token.length > maximumLength) throw new TokenRejected('malformed');
  const [header, payload, signature, ...more] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) {
    throw new TokenRejected('malformed');
  }
  return { header, payload, signature, signed: `${header}.${payload}` };
}
