import { createPublicKey, type KeyObject } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError, ProblemError } from '@alva/service-kit';
import { accessTokenType } from '@alva/validation';
import { type FastifyBaseLogger } from 'fastify';
import { type AuthMetrics } from '../metrics.ts';
import { type KeyPair } from './key-pair.ts';
import { type KeyRotation } from './key-rotation.service.ts';
import { proveOpens, type KeySeal } from './key-seal.ts';
import { type PublicJwk, type Ring, type StoredKey } from './signing-keys.store.ts';

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

/** What this process knows of the ring. Answers at once; a loop keeps it true. */
export interface KeyRing {
  /** The key that signs now. Throws `keys-unavailable` rather than have tokens signed that nobody accepts. */
  current(): SigningKey;
  /** The public key of a token, by its first segment exactly as we write it. Looks for keys of other copies when it knows none. */
  find(header: string): Promise<KeyObject | undefined>;
  /** The JWK set: every key that signs, signed or will sign. */
  jwks(): { keys: PublishedJwk[] };
  /** Rotates where that is due, and knows the ring as it is then. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

export interface KeyRingOptions {
  readonly rotation: KeyRotation;
  readonly seal: KeySeal;
  /** Becomes the ring's first key, where the ring is empty. */
  readonly imported?: KeyPair | undefined;
  readonly log: FastifyBaseLogger;
  readonly metrics: Pick<AuthMetrics, 'countKeyReloadFailure' | 'observeSigningKey'>;
}

/** About how often a copy looks at the ring: that long it may sign with a key that was removed after a leak. */
const reloadEveryMs = 10_000;
/** However many tokens with unknown keys come in, the database is asked this seldom. */
const searchAtMostEveryMs = 5_000;

/** Opens the ring, with its first keys in it. Copies that start at once agree on them. */
export async function openKeyRing({ rotation, seal, imported, log, metrics }: KeyRingOptions): Promise<KeyRing> {
  await rotation.begin(imported);
  const first = await rotation.read();
  let published = publish(first);
  let signing = openCurrent(first, seal);
  proveOpens(seal, first);
  let adopted = fingerprint(first);
  let told = signing.kid;
  let reloading = Promise.resolve();
  let search = Promise.resolve();
  let searchedAt = 0;

  if (imported && !published.verifying.has(headerOf(imported.kid)))
    log.warn({ kid: imported.kid }, 'JWT_PRIVATE_KEY was not imported: the ring has keys already');

  /** Public parts need no secret, so they are always taken over; what cannot be opened leaves the signing key as it is. */
  function adopt(ring: Ring): void {
    const current = ring.keys.find(({ state }) => state === 'current');
    const print = fingerprint(ring);
    if (print !== adopted) {
      published = publish(ring);
      adopted = print;
      try {
        signing = openCurrent(ring, seal);
        proveOpens(seal, ring);
      } catch (err) {
        metrics.countKeyReloadFailure();
        log.error({ err, kid: signing.kid }, `the signing keys changed and cannot be opened: ${consequence()}`);
      }
    }
    const age = (ring.readAt - (current?.activatedAt ?? ring.readAt)) / 1000;
    metrics.observeSigningKey({ age, usable: isUsable() });
  }

  function isUsable(): boolean {
    return published.verifying.has(signing.header);
  }

  function consequence(): string {
    const remedy = 'restart this copy with the new value of KEY_ENCRYPTION_KEY';
    return isUsable()
      ? `signing goes on with the key that is known until that is removed; ${remedy}`
      : `nobody can sign in or renew here; ${remedy}`;
  }

  async function load(): Promise<void> {
    const ring = await rotation.read();
    if (ring.keys.length > 0) adopt(ring);
    if (await rotation.tend(ring)) adopt(await rotation.read());
    await tellOfRotation();
  }

  /** Every copy says it, whoever rotated, so that a log shows from when on its tokens have another `kid`. */
  async function tellOfRotation(): Promise<void> {
    const { kid } = signing;
    if (kid === told) return;
    const was = told;
    told = kid;
    const cause = await rotation.findCause(kid).catch(() => undefined);
    log.info({ kid, was, cause }, 'another key signs tokens from now on');
  }

  /** In turn, so that an older state of the ring never replaces a newer one. */
  function reload(): Promise<void> {
    const loading = reloading.then(load);
    reloading = loading.catch(noteFailure);
    return loading;
  }

  function noteFailure(err: unknown): void {
    // That it cannot be opened `adopt` has said already, once.
    if (err instanceof ConfigError) return;
    metrics.countKeyReloadFailure();
    log.warn({ err }, 'the signing keys could not be read again');
  }

  const closing = new AbortController();
  async function keepUp(): Promise<void> {
    while (!closing.signal.aborted) {
      // Copies that started at once should not ask in step.
      await delay(reloadEveryMs * (0.75 + Math.random() / 2), undefined, { ref: false, signal: closing.signal });
      await reload().catch(() => undefined);
    }
  }
  adopt(first);
  keepUp().catch(() => undefined);

  return {
    current() {
      if (!isUsable()) throw new ProblemError('keys-unavailable');
      return signing;
    },
    async find(header) {
      const known = published.verifying.get(header);
      if (known) return known;
      if (Date.now() - searchedAt >= searchAtMostEveryMs) {
        searchedAt = Date.now();
        search = reload();
      }
      // Also for those who come while the answer is on its way.
      await search;
      return published.verifying.get(header);
    },
    jwks: () => published.jwks,
    reload,
    async close() {
      closing.abort();
      await reloading;
    },
  };
}

function publish({ keys }: Ring) {
  return {
    verifying: new Map(keys.map(({ kid, publicJwk }) => [headerOf(kid), toPublicKey(publicJwk)])),
    jwks: {
      keys: keys.map(({ kid, publicJwk }) => ({ ...publicJwk, kid, use: 'sig' as const, alg: 'ES256' as const })),
    },
  };
}

function openCurrent({ keys }: Ring, seal: KeySeal): SigningKey {
  const current = keys.find(({ state }) => state === 'current');
  if (!current) throw new Error('The key ring has keys, but none that signs');
  const { kid } = current;
  return { kid, header: headerOf(kid), privateKey: seal.open(current) };
}

/** Changes whenever anything in the ring does. */
function fingerprint({ keys }: Ring): string {
  return keys.map(({ kid, state, privateSealed }) => [kid, state, privateSealed?.toString('base64')].join()).join(' ');
}

function headerOf(kid: string): string {
  return Buffer.from(JSON.stringify({ alg: 'ES256', kid, typ: accessTokenType })).toString('base64url');
}

function toPublicKey(publicJwk: StoredKey['publicJwk']): KeyObject {
  return createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
}
