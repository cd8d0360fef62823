import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { ConfigError } from '@alva/service-kit';
import { accessTokenType } from '@alva/validation';
import { type FastifyBaseLogger } from 'fastify';
import { deriveKey, seal, unseal } from '../secrets/seal.ts';
import { generateSigningKey, type KeyPair } from './key-pair.ts';
import { type PublicJwk, type SigningKeysStore, type StoredKey } from './signing-keys.store.ts';

export interface SigningKey {
  readonly kid: string;
  /** The encoded first segment of every token it signs. */
  readonly header: string;
  readonly privateKey: KeyObject;
}

export interface PublishedJwk extends PublicJwk {
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'ES256';
}

export interface KeyRing {
  /** The key that signs now. */
  current(): SigningKey;
  /** The public key of a token, by its first segment exactly as we write it. Looks for keys of other copies when it knows none. */
  find(header: string): Promise<KeyObject | undefined>;
  /** The JWK set: every key that signs, signed or will sign. */
  jwks(): { keys: PublishedJwk[] };
  reload(): Promise<void>;
  close(): void;
}

export interface KeyRingOptions {
  readonly store: SigningKeysStore;
  readonly keyEncryptionKey: Uint8Array;
  /** Becomes the ring's first key, where the ring is empty. */
  readonly imported?: KeyPair | undefined;
  readonly log: FastifyBaseLogger;
  readonly reloadEveryMs?: number;
}

/** However many tokens with unknown keys come in, the database is asked this seldom. */
const searchAtMostEveryMs = 5_000;

/** Opens the ring, with a first key in it. Copies that start at once agree on one. */
export async function openKeyRing(options: KeyRingOptions): Promise<KeyRing> {
  const { store, log, reloadEveryMs = 30_000 } = options;
  const sealingKey = deriveKey(options.keyEncryptionKey, 'alva signing keys');
  let ring = await load();
  let searchedAt = 0;

  async function load() {
    let { keys } = await store.read();
    if (keys.length === 0) {
      const { kid, publicJwk, privateKey } = options.imported ?? (await generateSigningKey());
      const privateSealed = seal(sealingKey, privateKey.export({ type: 'pkcs8', format: 'der' }), kid);
      await store.insertFirst({ kid, publicJwk, privateSealed });
      ({ keys } = await store.read());
    }
    return toRing(keys, sealingKey);
  }

  async function reload(): Promise<void> {
    ring = await load();
  }

  const timer = setInterval(() => {
    reload().catch((err: unknown) => log.warn({ err }, 'the signing keys could not be read again'));
  }, reloadEveryMs).unref();

  const { imported } = options;
  if (imported && !ring.jwks.keys.some(({ kid }) => kid === imported.kid)) {
    log.warn({ kid: imported.kid }, 'JWT_PRIVATE_KEY was not imported: the ring has keys already');
  }

  return {
    current: () => ring.current,
    async find(header) {
      const known = ring.verifying.get(header);
      if (known || Date.now() - searchedAt < searchAtMostEveryMs) return known;
      searchedAt = Date.now();
      await reload();
      return ring.verifying.get(header);
    },
    jwks: () => ring.jwks,
    reload,
    close: () => clearInterval(timer),
  };
}

function toRing(keys: readonly StoredKey[], sealingKey: Uint8Array) {
  const current = keys.find(({ state }) => state === 'current');
  if (!current) throw new Error('The key ring has keys, but none that signs');
  const { kid } = current;
  return {
    current: { kid, header: headerOf(kid), privateKey: openPrivateKey(current, sealingKey) },
    verifying: new Map(keys.map(({ kid, publicJwk }) => [headerOf(kid), toPublicKey(publicJwk)])),
    jwks: {
      keys: keys.map(({ kid, publicJwk }) => ({ ...publicJwk, kid, use: 'sig' as const, alg: 'ES256' as const })),
    },
  };
}

function headerOf(kid: string): string {
  return Buffer.from(JSON.stringify({ alg: 'ES256', kid, typ: accessTokenType })).toString('base64url');
}

function toPublicKey(publicJwk: StoredKey['publicJwk']): KeyObject {
  return createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
}

function openPrivateKey({ kid, privateSealed }: StoredKey, sealingKey: Uint8Array): KeyObject {
  let der: Buffer;
  if (!privateSealed) throw new Error('The key that signs has no private part');
  try {
    der = unseal(sealingKey, privateSealed, kid);
  } catch (cause) {
    throw new ConfigError(
      'KEY_ENCRYPTION_KEY does not open the signing keys in this database. Fix: set the key they were sealed with (in development: .data/keys.env belongs to .data/postgres, delete both or none).',
      { cause },
    );
  }
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}
