import { type RunStatement } from '@alva/database';
import { type AuditEvent } from '@alva/shared-types';
import * as texts from './signing-keys.sql.ts';

export interface StoredKey {
  readonly kid: string;
  readonly state: 'next' | 'current' | 'previous';
  readonly publicJwk: PublicJwk;
  /** Null once the key signs no more. */
  readonly privateSealed: Buffer | null;
  /** Milliseconds since 1970, by the database's clock. */
  readonly createdAt: number;
  readonly activatedAt: number | null;
  readonly retiredAt: number | null;
}

export interface PublicJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
}

export interface NewKey {
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  readonly privateSealed: Buffer;
}

/** The keys in the order they sign: those that did, the one that does, the one that will. */
export interface Ring {
  readonly keys: readonly StoredKey[];
  /** Milliseconds since 1970, by the database's clock. */
  readonly readAt: number;
}

/** Who or what changes the ring, for the audit trail. */
export interface KeyCause {
  readonly cause: 'first-start' | 'schedule' | 'command' | 'administrator';
  readonly actorId?: string;
  readonly sessionId?: string;
  readonly address?: string | null;
  readonly requestId?: string;
}

/** What a statement did to which key; the audit trail has the same. */
export interface KeyChange {
  readonly event: Extract<AuditEvent, `key${string}`>;
  readonly kid: string;
}

export interface Resealed {
  readonly kid: string;
  readonly was: Buffer;
  readonly becomes: Buffer;
}

export type SigningKeysStore = ReturnType<typeof createSigningKeysStore>;

/** Every change is one statement, decided by the rows as they are, and tells what it did. Hold the lock to change the ring. */
export function createSigningKeysStore(run: RunStatement) {
  return {
    async read(): Promise<Ring> {
      const keys = await run<StoredKey & { readAt: number }>(texts.readText);
      return { keys, readAt: keys[0]?.readAt ?? 0 };
    },

    /** Why this key began to sign, by the audit trail; undefined when that has forgotten it. */
    async findCause(kid: string): Promise<KeyCause['cause'] | undefined> {
      const [row] = await run<Pick<KeyCause, 'cause'>>(texts.findCauseText, [kid]);
      return row?.cause;
    },

    /** Until the transaction ends. */
    async lock(): Promise<void> {
      await run(texts.lockText);
    },

    /** Makes a ring where there is none. */
    begin: (current: NewKey, next: NewKey, cause: KeyCause) =>
      run<KeyChange>(texts.beginText, [...parameters(current), ...parameters(next), JSON.stringify(cause)]),

    /** Publishes a key that will sign next, `instead` of one that waits already if need be; unless the ring has it. */
    add: (next: NewKey, { currentSealed, instead }: { currentSealed: Buffer; instead: boolean }, cause: KeyCause) =>
      run<KeyChange>(texts.addText, [...parameters(next), currentSealed, instead, JSON.stringify(cause)]),

    /** The next key signs from now on, if it was published and its predecessor has signed so many seconds. */
    rotate: (after: { published: number; signed: number }, nextSealed: Buffer, cause: KeyCause) =>
      run<KeyChange>(texts.rotateText, [after.published, after.signed, nextSealed, JSON.stringify(cause)]),

    /** The next key signs from now on, and every key that ever signed is gone; if it is `leaked` that signs. */
    rotateAtOnce: (leaked: string, nextSealed: Buffer, cause: KeyCause) =>
      run<KeyChange>(texts.rotateAtOnceText, [leaked, nextSealed, JSON.stringify(cause)]),

    /** Removes the keys that have not signed for so many seconds. */
    removeRetired: (seconds: number, cause: KeyCause) =>
      run<KeyChange>(texts.removeRetiredText, [seconds, JSON.stringify(cause)]),

    removeAll: (cause: KeyCause) => run<KeyChange>(texts.removeAllText, [JSON.stringify(cause)]),

    reseal(keys: readonly Resealed[], cause: KeyCause): Promise<KeyChange[]> {
      const given = keys.map(({ kid, was, becomes }) => ({
        kid,
        was: was.toString('hex'),
        becomes: becomes.toString('hex'),
      }));
      return run<KeyChange>(texts.resealText, [JSON.stringify(given), JSON.stringify(cause)]);
    },
  };
}

function parameters({ kid, publicJwk, privateSealed }: NewKey) {
  return [kid, JSON.stringify(publicJwk), privateSealed] as const;
}
