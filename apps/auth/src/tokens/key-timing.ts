import { type Ring, type StoredKey } from './signing-keys.store.ts';

const minute = 60;

/**
 * How long a key is published before it signs, so that everybody knows it by then: a copy that reads the ring late, a
 * cache on the way that keeps the JWK set for its five minutes, and a verifier that keeps what it was given for five more.
 */
const publication = 15 * minute;

/** How long a retired key stays published at least, and how long after the last token that it may have signed. */
const shortestRetention = 20 * minute;
const lateTokens = 5 * minute;

/** All in seconds. */
export interface KeyTiming {
  /** From being published to signing, at least. */
  readonly publication: number;
  /** From signing to being replaced by itself. */
  readonly interval: number;
  /** From having signed last to being removed. */
  readonly retention: number;
}

export function keyTiming({ interval, tokenLifetime }: { interval: number; tokenLifetime: number }): KeyTiming {
  return { publication, interval, retention: Math.max(shortestRetention, tokenLifetime + lateTokens) };
}

/** Milliseconds since 1970; null where there is no key to go over to. */
export interface RotationTimes {
  /** From when the next key may sign. */
  readonly possibleAt: number | null;
  /** When it will by itself. */
  readonly plannedAt: number | null;
}

export function rotationTimes({ keys }: Pick<Ring, 'keys'>, timing: KeyTiming): RotationTimes {
  const next = keys.find(({ state }) => state === 'next');
  const current = keys.find(({ state }) => state === 'current');
  if (!next) return { possibleAt: null, plannedAt: null };
  const possibleAt = next.createdAt + timing.publication * 1000;
  const worn = (current?.activatedAt ?? 0) + timing.interval * 1000;
  return { possibleAt, plannedAt: Math.max(possibleAt, worn) };
}

/** When a retired key is removed; milliseconds since 1970. */
export function removalTime({ retiredAt }: StoredKey, timing: KeyTiming): number | null {
  return retiredAt === null ? null : retiredAt + timing.retention * 1000;
}

/** A guess, so that most ticks cost one read; what happens is for the statements to decide. */
export function isTendingDue(ring: Ring, timing: KeyTiming): boolean {
  const { plannedAt } = rotationTimes(ring, timing);
  const removals = ring.keys.map((key) => removalTime(key, timing));
  return plannedAt === null || [plannedAt, ...removals].some((time) => time !== null && time <= ring.readAt);
}
