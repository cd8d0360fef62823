import { ConfigError, ProblemError } from '@alva/service-kit';
import { type Stores } from '../stores.ts';
import { generateSigningKey, type KeyPair } from './key-pair.ts';
import { isOpenedBy, proveOpens, type KeySeal } from './key-seal.ts';
import { isTendingDue, rotationTimes, type KeyTiming } from './key-timing.ts';
import { type KeyCause, type KeyChange, type Ring, type SigningKeysStore } from './signing-keys.store.ts';

export interface KeyRotationOptions {
  readonly stores: Pick<Stores, 'signingKeys' | 'atomically'>;
  readonly seal: KeySeal;
  readonly timing: KeyTiming;
}

/**
 * All that ever happens to the ring, by schedule, by command or by an administrator. Any number of copies may do any of it
 * at once. Throws a ConfigError where KEY_ENCRYPTION_KEY does not open the ring.
 */
export type KeyRotation = ReturnType<typeof createKeyRotation>;

export function createKeyRotation({ stores, seal, timing }: KeyRotationOptions) {
  /** One after the other, all of it or nothing. */
  function alone<Result>(work: (store: SigningKeysStore) => Promise<Result>): Promise<Result> {
    return stores.atomically(async ({ signingKeys }) => {
      await signingKeys.lock();
      return work(signingKeys);
    });
  }

  async function newKey() {
    return seal.seal(await generateSigningKey());
  }

  /** What may be written depends on having opened what is there. */
  async function readOpened(store: SigningKeysStore) {
    const ring = await store.read();
    proveOpens(seal, ring);
    const current = ring.keys.find(({ state }) => state === 'current');
    const next = ring.keys.find(({ state }) => state === 'next');
    if (!current?.privateSealed) throw new ConfigError('There are no signing keys yet. Fix: start auth once.');
    return { current, currentSealed: current.privateSealed, nextSealed: next?.privateSealed };
  }

  async function ensureNext(store: SigningKeysStore, cause: KeyCause): Promise<Buffer> {
    const { currentSealed, nextSealed } = await readOpened(store);
    if (nextSealed) return nextSealed;
    const key = await newKey();
    await store.add(key, { currentSealed, instead: false }, cause);
    return key.privateSealed;
  }

  /** Makes the ring, with `imported` as the key that signs, unless there is one. */
  async function begin(imported?: KeyPair): Promise<void> {
    const { keys } = await stores.signingKeys.read();
    if (keys.length > 0) return;
    const current = imported ? seal.seal(imported) : await newKey();
    const next = await newKey();
    await alone((store) => store.begin(current, next, { cause: 'first-start' }));
  }

  return {
    timing,
    begin,

    read: (): Promise<Ring> => stores.signingKeys.read(),

    /** Who or what had this key sign. */
    findCause: (kid: string) => stores.signingKeys.findCause(kid),

    /** Does what the ring's times call for, and says whether there was anything. */
    async tend(ring: Ring): Promise<boolean> {
      if (!isTendingDue(ring, timing)) return false;
      if (ring.keys.length === 0) {
        await begin();
        return true;
      }
      const cause: KeyCause = { cause: 'schedule' };
      await alone(async (store) => {
        await store.removeRetired(timing.retention, cause);
        const nextSealed = await ensureNext(store, cause);
        await store.rotate({ published: timing.publication, signed: timing.interval }, nextSealed, cause);
        await ensureNext(store, cause);
      });
      return true;
    },

    /** The next key signs, and nobody notices. Throws `key-too-young` when it has not been published long enough. */
    async rotate(cause: KeyCause): Promise<KeyChange[]> {
      const changes = await alone(async (store) => {
        const nextSealed = await ensureNext(store, cause);
        const rotated = await store.rotate({ published: timing.publication, signed: 0 }, nextSealed, cause);
        await ensureNext(store, cause);
        return rotated;
      });
      if (changes.length > 0) return changes;
      const { possibleAt } = rotationTimes(await stores.signingKeys.read(), timing);
      const from = new Date(possibleAt ?? Date.now()).toISOString();
      throw new ProblemError('key-too-young', { detail: `The next key can sign from ${from}` });
    },

    /**
     * After a leak: the next key signs at once, and no token signed until now is good any more. Nothing happens where
     * another key signs than the one that leaked.
     */
    async rotateAtOnce(leaked: string, cause: KeyCause): Promise<KeyChange[]> {
      return alone(async (store) => {
        const nextSealed = await ensureNext(store, cause);
        const changes = await store.rotateAtOnce(leaked, nextSealed, cause);
        await ensureNext(store, cause);
        return changes;
      });
    },

    /** Publishes a key made elsewhere, which signs next. No change: the ring has it already. */
    async add(pair: KeyPair, cause: KeyCause): Promise<KeyChange[]> {
      const key = seal.seal(pair);
      return alone(async (store) => {
        const { currentSealed } = await readOpened(store);
        return store.add(key, { currentSealed, instead: true }, cause);
      });
    },

    /** Seals again what `oldSeal` opens. No change: it is sealed as it should be. */
    async reseal(oldSeal: KeySeal, cause: KeyCause): Promise<KeyChange[]> {
      return alone(async (store) => {
        const ring = await store.read();
        if (isOpenedBy(seal, ring)) return [];
        const keys = ring.keys.flatMap((key) => {
          if (!key.privateSealed) return [];
          const pair = { ...key, privateKey: oldSeal.open(key) };
          return [{ kid: key.kid, was: key.privateSealed, becomes: seal.seal(pair).privateSealed }];
        });
        return store.reseal(keys, cause);
      });
    },

    /** A new ring in place of one that cannot be opened. No change: it can be. */
    async replace(cause: KeyCause): Promise<KeyChange[]> {
      const [current, next] = [await newKey(), await newKey()];
      return alone(async (store) => {
        if (isOpenedBy(seal, await store.read())) return [];
        return [...(await store.removeAll(cause)), ...(await store.begin(current, next, cause))];
      });
    },
  };
}
