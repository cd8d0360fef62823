import { canonicalEmailAddress } from '@alva/validation';

/**
 * The address that a provider vouches for. `email_verified` counts as boolean true alone: "true" and 1 were enough to take
 * other people's accounts over elsewhere (CVE-2026-15611).
 */
export function verifiedAddress({ email, email_verified: verified }: Record<string, unknown>): string | null {
  return verified === true && typeof email === 'string' ? (canonicalEmailAddress(email) ?? null) : null;
}

/** A name as people write them, on one line; null for what is none. */
export function plainName(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const name = value
    .normalize('NFC')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  // Cut between characters, not within one that takes two units.
  return name === '' ? null : name.slice(0, 100).replace(/[\uD800-\uDBFF]$/, '');
}
