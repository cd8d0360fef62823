import type { Fetch } from './fetch-document.ts';
import { fetchKeys } from './fetch-keys.ts';
import type { VerificationKey } from './key-document.ts';
import { pauseAfter, type Schedule } from './pauses.ts';
import { readHeader } from './token-header.ts';

/** How long a fetched set may be relied on, and how often tokens with an unknown `kid` may cause a fetch. */
const freshMilliseconds = 5 * 60_000;
const unknownKeyPause = 30_000;
/** Fresh sets are renewed a minute or more before they expire. */
const renewalMilliseconds = freshMilliseconds * 0.8;

export interface KeyStoreOptions {
  jwksUri: string;
  fetch: Fetch;
  /** Milliseconds since the epoch. */
  now: () => number;
  schedule: Schedule;
  onFetchFailed: (error: unknown) => void;
}

export type KeyStore = ReturnType<typeof createKeyStore>;

/**
 * Holds the issuer's keys. They are fetched at once and then in the background; a failed fetch keeps what there is.
 * Nothing here rejects: whoever waits looks again afterwards.
 */
export function createKeyStore({ jwksUri, fetch, now, schedule, onFetchFailed }: KeyStoreOptions) {
  const closing = new AbortController();
  let keys = new Map<string, VerificationKey>();
  let byHeader = new Map<string, VerificationKey>();
  let freshUntil = -Infinity;
  let fetchedAt: number | undefined;
  let nextTry = -Infinity;
  let nextAskForUnknown = -Infinity;
  let failures = 0;
  let lastError: unknown;
  let flight: Promise<void> | undefined;
  let cancelScheduled = () => {};

  async function refresh(): Promise<void> {
    cancelScheduled();
    try {
      adopt(await fetchKeys(jwksUri, fetch, closing.signal));
      failures = 0;
      fetchedAt = now();
      freshUntil = fetchedAt + freshMilliseconds;
    } catch (error) {
      if (closing.signal.aborted) return;
      failures += 1;
      lastError = error;
      onFetchFailed(error);
    }
    flight = undefined;
    const pause = pauseAfter(failures, renewalMilliseconds);
    nextTry = now() + pause;
    cancelScheduled = schedule(() => void start(), pause);
  }

  function start(): Promise<void> | undefined {
    if (!closing.signal.aborted) flight ??= refresh();
    return flight;
  }

  /** A key that is still published stays the same object, and with it every token verified under it. */
  function adopt(fetched: VerificationKey[]): void {
    const unchanged = (key: VerificationKey) => {
      const held = keys.get(key.kid);
      return held?.publicKey.equals(key.publicKey) ? held : key;
    };
    keys = new Map(fetched.map((key) => [key.kid, unchanged(key)]));
    byHeader = new Map();
  }

  void start();

  return {
    hasKeys: () => keys.size > 0,
    count: () => keys.size,
    /** Milliseconds since the epoch; undefined before the first set. */
    fetchedAt: () => fetchedAt,
    lastError: () => lastError,

    /** Whether a key that verified something earlier is still published. */
    holds: (key: VerificationKey) => keys.get(key.kid) === key,

    /** The key that an encoded header names, or undefined when it is unknown. Throws `TokenRejected` for other headers. */
    find(header: string): VerificationKey | undefined {
      const known = byHeader.get(header);
      if (known !== undefined) return known;
      const key = keys.get(readHeader(header));
      // At most six spellings a key pass `readHeader`, so this stays small.
      if (key !== undefined) byHeader.set(header, key);
      return key;
    },

    /**
     * Something to wait for before the keys may be used, or undefined when they can be used as they are: because they
     * are fresh, or because they are all there is while the issuer is down.
     */
    freshen(at: number): Promise<void> | undefined {
      if (at < freshUntil) return undefined;
      if (at >= nextTry) void start();
      return keys.size > 0 && failures > 0 ? undefined : flight;
    },

    /**
     * A fetch that may bring a `kid` nobody knows: one under way, or one of its own. Undefined when there is none and
     * the last of its own began less than 30 s ago.
     */
    askForUnknown(at: number): Promise<void> | undefined {
      if (at < nextAskForUnknown) return flight;
      nextAskForUnknown = at + unknownKeyPause;
      return start();
    },

    close(): void {
      closing.abort();
      cancelScheduled();
    },
  };
}
