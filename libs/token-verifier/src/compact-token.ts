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

/** Takes a compact JWS (RFC 7515 section 7.1) apart without decoding it. Throws `TokenRejected`. */
export function splitToken(token: string): CompactToken {
  if (token.length > maximumLength) throw new TokenRejected('malformed');
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (first < 1 || second < first + 2 || second === token.length - 1) throw new TokenRejected('malformed');
  if (token.includes('.', second + 1)) throw new TokenRejected('malformed');
  return {
    header: token.slice(0, first),
    payload: token.slice(first + 1, second),
    signature: token.slice(second + 1),
    signed: token.slice(0, second),
  };
}
