import { moment } from '../command-line.ts';
import { removalTime, rotationTimes, type KeyTiming } from './key-timing.ts';
import { type Ring, type StoredKey } from './signing-keys.store.ts';

/** The ring for a person at a terminal: a line a key, in the order they sign. */
export function describeRing(ring: Ring, timing: KeyTiming): string[] {
  const { possibleAt, plannedAt } = rotationTimes(ring, timing);
  const describe = (key: StoredKey) => {
    if (key.state === 'previous') {
      return `signed until ${moment(key.retiredAt)}, is removed after ${moment(removalTime(key, timing))}`;
    }
    if (key.state === 'next') return `published since ${moment(key.createdAt)}, may sign from ${moment(possibleAt)}`;
    return `signs since ${moment(key.activatedAt)}${plannedAt === null ? '' : `, until ${moment(plannedAt)}`}`;
  };
  return ring.keys.map((key) => `${key.state.padEnd('previous'.length)}   ${key.kid}   ${describe(key)}`);
}

/** In one line, for `npm run doctor`. */
export function summarizeRing({ keys, readAt }: Ring): string {
  const current = keys.find(({ state }) => state === 'current');
  if (!current) return 'none yet: auth makes them at its first start';
  const days = Math.floor((readAt - (current.activatedAt ?? readAt)) / 86_400_000);
  const age = days === 0 ? 'less than a day' : days === 1 ? 'one day' : `${days} days`;
  const next = keys.some(({ state }) => state === 'next')
    ? 'the next one is published'
    : 'the next one is not made yet';
  return `KEY_ENCRYPTION_KEY opens them, the present one signs for ${age}, ${next}`;
}
