import type { VerifiedToken } from './claims.ts';
import type { VerificationKey } from './key-document.ts';

export interface Verified {
  readonly claims: VerifiedToken;
  readonly key: VerificationKey;
}

/**
 * Remembers up to `capacity` verified tokens. Two generations instead of a strict least-recently-used order: a hit
 * costs one lookup and moves nothing, and what was not asked for during a whole generation is forgotten at once.
 */
export function createVerifiedTokens(capacity: number) {
  const generationSize = Math.ceil(capacity / 2);
  let young = new Map<string, Verified>();
  let old = new Map<string, Verified>();

  function remember(token: string, verified: Verified): void {
    if (generationSize === 0) return;
    if (young.size >= generationSize) {
      old = young;
      young = new Map();
    }
    young.set(token, verified);
  }

  return {
    remember,
    recall(token: string): Verified | undefined {
      const recent = young.get(token);
      if (recent !== undefined) return recent;
      const earlier = old.get(token);
      if (earlier !== undefined) remember(token, earlier);
      return earlier;
    },
  };
}
