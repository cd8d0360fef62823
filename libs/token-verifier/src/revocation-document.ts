import { isUuid } from './claims.ts';
import { isObject } from './json.ts';

/** The end of a session, as the issuer tells of it. */
export interface Revocation {
  readonly sid: string;
  /** Milliseconds since the epoch, by the issuer's clock. */
  readonly endedAt: number;
}

export interface RevocationList {
  /** Seconds for which tokens of an ended session may still be valid. */
  readonly window: number;
  readonly sessions: readonly Revocation[];
}

/** Reads the answer of `GET /auth/revocations`. Throws when any of it is not as it should be, so nothing is half taken over. */
export function readRevocationList(text: string): RevocationList {
  const document: unknown = JSON.parse(text);
  if (!isObject(document)) throw new Error('not a list of revocations');
  const { window, sessions } = document;
  if (typeof window !== 'number' || !(window > 0) || !Array.isArray(sessions)) {
    throw new Error('not a list of revocations');
  }
  return { window, sessions: sessions.map(toRevocation) };
}

/** Reads one `revoked` event. Throws like `readRevocationList`. */
export function readRevocation(text: string): Revocation {
  return toRevocation(JSON.parse(text));
}

function toRevocation(value: unknown): Revocation {
  const { sid, endedAt } = isObject(value) ? value : {};
  const moment = typeof endedAt === 'string' ? Date.parse(endedAt) : NaN;
  if (!isUuid(sid) || Number.isNaN(moment)) throw new Error('not a revocation');
  return { sid, endedAt: moment };
}
