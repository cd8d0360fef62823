import { randomFillSync } from 'node:crypto';

const random = Buffer.alloc(10);

/**
 * A UUID version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then randomness. New rows land at the end of
 * their index and sort by age.
 */
export function newIdentifier(now: number = Date.now()): string {
  randomFillSync(random);
  const time = now.toString(16).padStart(12, '0');
  const version = (0x7000 | (random.readUInt16BE(0) & 0x0fff)).toString(16);
  const variant = (0x8000 | (random.readUInt16BE(2) & 0x3fff)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${random.toString('hex', 4)}`;
}
