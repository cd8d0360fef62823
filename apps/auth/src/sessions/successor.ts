import { deriveKey, seal, unseal } from '../secrets/seal.ts';
import { type SpentLink } from './sessions.store.ts';

/** Hides a token's successor in the token's own row: whoever still holds the raw token can be given the same answer again. */
export function sealSuccessor(token: string, tokenHash: Buffer, successor: string): Buffer {
  return seal(keyOf(token), Buffer.from(successor, 'base64url'), tokenHash);
}

/** From a spent token to the current one: each opens the next. */
export function followChain(token: string, spent: readonly SpentLink[]): string {
  return spent.reduce(
    (raw, { hash, successorSealed }) => unseal(keyOf(raw), successorSealed, hash).toString('base64url'),
    token,
  );
}

/** Only the raw token yields it; the database knows no more than a hash. */
function keyOf(token: string): Buffer {
  return deriveKey(Buffer.from(token, 'base64url'), 'alva refresh successor');
}
