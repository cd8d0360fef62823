/** The members of our headers, by name. */
const ourMembers = 'alg,kid,typ';

/**
 * What is wrong with a header segment that none of our keys has, for the log: `unknown-key` when it differs from ours in
 * nothing but its key. Nothing is decided by it.
 */
export function judgeUnknownHeader(segment: string): 'malformed' | 'header' | 'unknown-key' {
  const header = parse(segment);
  if (typeof header !== 'object' || header === null || Array.isArray(header)) return 'malformed';
  const { alg, kid, typ } = header as Record<string, unknown>;
  const isOurs = alg === 'ES256' && typ === 'at+jwt' && typeof kid === 'string';
  return isOurs && Object.keys(header).sort().join() === ourMembers ? 'unknown-key' : 'header';
}

function parse(segment: string): unknown {
  try {
    return JSON.parse(Buffer.from(segment, 'base64url').toString());
  } catch {
    return undefined;
  }
}
